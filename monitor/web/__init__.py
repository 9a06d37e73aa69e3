"""The pages: listings, search, sign-up, archive, and where the links in mails lead.

All is drawn here on the server and works without scripts. What a GET answers changes nothing, ever: mail programs and
scanners follow every link. Queries are the store's, and what people want done is a job's.
"""
