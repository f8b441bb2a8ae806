"""Webhooks of shops: each a pure function from a request to events of ours.

What a body tells of people (names, addresses, mails, agents) is not even read. A body counts only if it is
signed by a secret of its shop; a topic that is not ours is noted and accepted, for a shop stops sending to
who refuses.
"""
