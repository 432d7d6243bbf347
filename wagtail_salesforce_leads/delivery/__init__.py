"""From the outbox to Salesforce, and what became of it written down.

Rows: ``outbox`` puts deliveries in, ``claims`` says who sends which, ``resend`` lets a person send
again. Decisions, pure: ``retry`` and ``verdicts``. On their way: ``calls`` ask Salesforce,
``sending`` takes an org's turn, ``outcomes`` writes the answers down. Around them: ``lane`` and
``reserve`` say whether an org takes anything now, ``tasks`` and ``nudges`` are django-q2's side,
``upkeep`` is what runs by the clock, and ``words`` says to people what codes mean.
"""
