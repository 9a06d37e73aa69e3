"""How a digest looks: blocks in; a page, a plain text and the bytes of a mail out.

All words and all style live in ``templates/``.

* ``mail`` gives both drawings: ``html`` and ``text`` (in ``columns``), in one ``environment``, within ``limits``
* ``gate`` says what a mail may link to, ``fit`` makes a page that is not cut off
* ``skeleton`` and ``shape`` draw once what many mails share; ``tree`` keeps a digest to be drawn again
* ``message`` makes the mail's bytes, with ``encoding`` for its headers and bodies and ``signature`` for DKIM

To add a block: its class in ``types.digests``, a macro in ``templates/email`` and one in ``templates/text``.
"""
