"""How a digest looks: blocks in; a page, a plain text and the bytes of a mail out.

All words and all style live in ``templates/``.
"""
