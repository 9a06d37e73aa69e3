"""How common words are in abstracts of papers: what a small store cannot know of itself.

Counted over some 22,000 abstracts of computer science and medicine. Words that stand in at least one abstract of a
hundred, grouped by the share of abstracts that hold them, rounded to a power of one half.
"""

from __future__ import annotations

_BY_HALVINGS: dict[int, str] = {
    1: """
        a an and are as based by for from in is model models of on or our that the these this to we which with
    """,
    2: """
        1 2 across also analysis approach at be between both but can data demonstrate existing experiments first
        framework has have high however into introduce it its language large learning method methods more not novel
        paper performance propose results s show state study such than their through time training two using was were
        while work
    """,
    3: """
        0 10 3 4 5 6 accuracy achieves address after all applications approaches art available been challenges code
        compared complex control critical current dataset datasets design different diverse due during e each effect
        effective effectiveness effects efficient evaluate evaluation extensive features fine further generation group
        how human i image including information key knowledge level llm llms long low many may most multi multiple
        network networks neural new no non number often one only open other over p patients potential present problem
        process proposed provide quality real reasoning recent research scale significant significantly single specific
        studies system systems task tasks then there they three treatment under understanding up use used various via
        well when where within without world
    """,
    4: """
        12 20 24 50 7 8 9 ability about accurate achieve achieved achieving adaptive addition additional additionally
        against agent agents ai algorithm algorithms alignment although among any application applied architecture
        assess associated attention average aware baseline before behavior being benchmark benchmarks best better blind
        blood capabilities capture case cases challenge challenging changes class classification clinical common compare
        complexity comprehensive computational conditions content context controlled cost could cross crucial decision
        deep demonstrated designed despite detection develop developed development differences directly distribution do
        domain domains dose double driven drug dynamic dynamics effectively efficacy efficiency either empirical enables
        enabling end enhance enhancing environments especially essential estimation evaluated even experimental failure
        feature field finally find findings focus following found four free function furthermore future g gap general
        generalization generate generated generative github given global graph groups had heart higher highly https
        hypertension identify if ii images impact important improve improved improvement improves improving increase
        increased inference input insights interaction interactions introduces investigate issues known lack less levels
        leverages leveraging like limitations limited local loss lower machine making mean mechanism mechanisms memory
        metrics mg modeling moreover multimodal n natural need observed optimal optimization order out outperforms
        overall pain parameters particular particularly patient patterns perform placebo point possible practical pre
        prediction presents pressure previous prior problems processing promising properties provides providing question
        randomized range rate recently reduce reduced reducing reduction reinforcement related relevant rely remains
        representation representations requires respectively response retrieval risk robust robustness role safety same
        scenarios second self semantic set settings several shown similar simple size small social solution some source
        space spatial specifically standard step still strategies strategy strong structure suggest superior support
        target techniques temporal term terms test text them therapy those thus traditional trained treated tuning
        typically user users vision visual way whether who will years yet
    """,
    5: """
        001 01 05 100 11 13 14 15 16 17 18 25 30 40 60 90 95 able access according accurately ace action actions active
        activity acute adaptation addresses administered administration advanced advances adversarial adverse age aim
        aims allowing allows alone along alternative analgesia analyses analyze analyzing angiotensin answer answering
        antihypertensive apply applying architectures area artificial assessed assessment attack attacks augmented
        automated automatic automatically autonomous b baselines because become behaviors benefit benefits beta beyond
        bias blockers brain building built called capability capable capacity cause caused central certain chain change
        channel characteristics chronic cognitive collected com combination combined combines combining commonly
        communication community comparable comparison competitive complete component components computation computer
        computing concept conduct conducted confidence consider considered consistency consistent consistently
        constrained constraints construct continuous contrast conventional converting convolutional core correlation
        corresponding costs create d daily day days decrease decreased defined demonstrates demonstrating dependent
        deployment depression depth derived describe detailed detect detecting determine developing devices diastolic
        did difference difficult diffusion dimensional direct discuss disease distinct distributed distributions
        diversity does doses downstream drugs dual dynamically early efficiently embedding embeddings emerged employs
        enable engineering enhanced enhances ensure ensuring environment enzyme error errors establish established
        estimate evaluating evaluations events evidence example examples exhibit experience expert explicit explicitly
        exploration explore external extract extraction face factor factors fail fast feedback few fidelity final five
        fixed flow focused follow followed form foundation frameworks frequency full fully functional functions
        fundamental fusion gains generates generating goal good gpt gradient grained greater guide guided h health help
        here hierarchical highlight highlighting hours humans hybrid hypertensive identification identified identifying
        implementation importance improvements incidence include included incorporating increases increasing
        increasingly independent index indicate individual induced influence inherent inhibitor inhibitors initial
        inputs inspired instead integrated integrates integrating integration intelligence interest interpretable
        introduced investigated issue joint kg labels largely larger latent layer layers lead leading leads learn
        learned least left leverage life lightweight linear literature made main maintaining major make management map
        matching measure measured measures medical methodology metric mild min minimal mitigate ml mm modal moderate
        modern module monitoring months mortality motion much must nature necessary needed next nodes noise normal
        object objective objects obtained off offer offering offers once online original outcome outcomes output outputs
        overcome pairs paradigm parallel parameter part per perception performed period perspective phase physical
        pipeline planning points policy popular population positive post power powerful practice precise precision
        predict predictions predictive presence presented preserving previously primarily primary privacy probability
        processes produce produced progress project prompt prompts proposes provided public publicly purpose queries
        query questions random randomly rapid rates rather ratio realistic receive received receptor recognition
        reconstruction reduces reference regions regression relationship relationships relative release reliability
        reliable remain remarkable report reported require required requirements requiring researchers resolution
        resource resources responses result resulting reveal reveals review reward rich robot sample samples sampling
        scalable scene score scores search security segmentation selection sensitive sequence sequences series sets
        setting severe shared short shot should showed showing shows side signal signals similarity simulation
        simultaneously since six so software solutions solve sparse specialized speech stable stage states static
        statistical steps structural structured structures struggle studied subjects substantial success suffer
        supervised survey synthesis synthetic systematic systematically systolic tailored technique tested testing tests
        textual theoretical theory thereby therefore times together token tokens tool tools total toward towards train
        transfer transformer trial type types uncertainty underlying understand unified unique unlike upon url us useful
        uses validate value values variables variety varying ventricular versus very video videos view vs weeks weight
        what whereas wide widely works would year zero
    """,
    6: """
        000 02 19 200 21 22 23 26 27 28 29 31 32 33 34 35 36 37 38 39 41 42 44 45 46 48 54 55 58 65 70 72 73 75 80 85 86
        98 99 abilities ablation above absence absolute abstract academic accessible account act activation activities
        adapt adaptability adapting adaptively added adding addressing adopt adopted adoption advance advancements
        advancing advantage advantages affect affected aged agentic aggregation agnostic al align aligned aligning allow
        almost alpha already always ambulatory amount analgesic analyzed animals annotated annotation annotations
        another answers antagonist antagonists anti appear appears applicability applies appropriate approximate
        approximately approximation arbitrary architectural areas argue around arterial artery article aspects assessing
        assigned association assumption assumptions atenolol attributes audio augmentation availability avoid awareness
        backbone background balance balanced base basic basis bayesian becomes behavioral benchmarking beneficial biases
        binary biological black block blockade blocker blocks body bound box bp bridge broad broader build c calcium
        call camera cancer candidate cannot captopril captures capturing cardiac cardiovascular care carefully
        categories causal causes cell cells centric characterize characterized choice ci classes classical classifier
        classifiers clear clinically close closed closely cloud clustering cnn co codes coherence coherent collaboration
        collaborative collection combinations combine communities compact comparative comparing complementary compliance
        compression comprising computationally compute computed concentration concentrations concepts concerns conclude
        conclusion condition conditional conditioned configurations confirm congestive connected connections
        consequently considerable considering consisting consists constant constraint constructed constructing
        construction consuming consumption contain containing contains contexts contextual contrastive contribute
        contribution contributions controls convergence coronary corpus correct correctness correlated correlations
        costly course coverage covering created creating creation criteria cues curated currently database death
        decisions decoder decoding decomposition define degradation degree demand demands denoising dense density
        dependencies depends deployed derive described descriptions designing designs desired detail details determined
        device diabetes diagnosis diagnostic differ differential difficulty digital dimension dimensions direction
        directions discovery discrete discussed diseases distance distillation diuretics document documents done driving
        duration dysfunction easily easy edge editing education effort efforts eight ejection elements embedded emerging
        empirically employ employed employing enabled enalapril encoder encoding energy english enhancement ensures
        entire entities entropy environmental equivalent establishes establishing estimated estimates estimating et etc
        evaluates event every evolution evolving exact examine examined execution exercise exhibits exist expected
        expensive experiences experiment experts explain explanations exploit explored explores exploring exposure
        expression extend extended extension extent extracted extracting faces facilitate facilitates facilitating fact
        fall false family far faster feasibility fewer fields filtering finding finite flexibility flexible focuses
        focusing formal forms formulation forward fraction frame frames frequent frequently gain gained game gaps
        gaussian generalize generalized generally geometric geometry give goals graphs great ground grounded grounding
        growing growth guarantees guidance guidelines half hand handle handling hard hardware having head healthcare
        hence heterogeneous hg hidden highest highlights historical history hospital hour hypothesis idea identifies
        identity iii illustrate imaging implement implemented implications implicit impressive includes incorporate
        incorporates independently indicating individuals industrial industry infarction informative informed
        infrastructure infusion inherently inhibition injection innovative insight instance instances instruction
        instructions insufficient integrate intelligent intensity intensive inter interact interactive interface
        intermediate internal internet interpretability interpretation interval intervals intervention interventions
        intra intravenous intrinsic introducing investigates investigation involved involves involving isolated item
        items iterative iteratively itself iv jointly just k l label labeled languages last latency learns led length
        light likelihood likely limit limitation limiting limits line linguistic link little llama localization location
        logic logical longer loop lowering m magnitude mainly maintain maintained majority makes male malicious
        manipulation manner manual manually mapping maps mass match mathematical matrix maximum meaningful means
        measurement measurements measuring media median mediated medication men meta might million minimum mining
        missing mitigating mixed mixture mllms mmhg mobile modalities modality mode modular modules month morphine
        motivated moving multilingual multivariate myocardial named namely naturally navigation near needs negative
        neurons nine nlp node noisy notably now numerical numerous o objectives observation observations observe obtain
        occur occurred offline ones onset operating operation operations opioid opioids opportunities optimize optimized
        optimizing oral oriented others outperform outperforming overhead own paired paradigms partial partially
        participants past path paths pattern peak people performing performs persistent personalized perspectives
        perturbations phenomenon pipelines pixel place plasma platform platforms play plays plus policies poor poorly
        pose poses position postoperative potentially powered practices predicted predicting predominantly preference
        preferences preliminary preserve pretrained prevent prevention principled principles priors private
        probabilistic procedure procedures produces producing product production profile profiles program programming
        progression promise prompting propagation property prospective protection protein protocol protocols prove
        published qualitative quantify quantitative r rag randomised ranging rank ranking rapidly rats raw re reach
        reason recall receiving recommendation recommendations recorded records recovery recurrent reductions refine
        refinement reflect regarding region regularization relation relations relatively released relevance reliance
        relief relies relying remained remaining renal repeated reports represent representative represented
        representing represents residual respect responsible rest resulted revealed revealing rewards right rigorous
        rise risks rl robotic robotics robots rule rules run safe scalability scales scaling scenario scenes scheme
        science scientific scoring sd secondary secure seen segment select selected selecting selective semantically
        semantics semi sensing sensitivity sensor sensors separate sequential serum serve service services seven
        severity shape share sharing shift shifts significance simulated simulations situations sizes slow smaller smart
        solely solving sota sources spaces spanning sparsity special spectral speed stability stages standardized start
        statistically statistics status stimulation stochastic storage strengths stress strongly student style sub
        subject suboptimal subsequent subsequently subset substantially successful successfully sufficient suggested
        suggesting suggests suitable superiority supervision supporting supports surface surgery surpasses survival
        symbolic symptoms systemic t tackle take taken taking targeted technical technologies technology ten tend texts
        theoretically therapeutic third though thought threshold throughout tissue tolerated top topic topics tracking
        trade traffic trajectories trajectory transform transformation transformers transition translation treat
        treatments tree trend trials true trust truth tuned turn twice typical u unclear underexplored undergoing unit
        units universal unknown unseen unsupervised until update updates usage usually utility utilize utilizes
        utilizing v validated validation valuable variability variable variance variants variation variations vector
        vectors vehicle vehicles verification verify version views virtual vital vlms volume vulnerabilities vulnerable
        ways weak web week weighted weights whole whose widespread wise women word words workflows x yield yields
    """,
}

UNKNOWN_SHARE = 1 / 4000
"""The share of abstracts in which we expect a word that is not listed."""

SHARES: dict[str, float] = {word: 0.5**halvings for halvings, text in _BY_HALVINGS.items() for word in text.split()}
"""Word (folded) to the share of abstracts that hold it, in (0, 0.5]."""
