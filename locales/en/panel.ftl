# The panel inside a help desk.
panel-title = Rating
panel-no-script = This panel needs JavaScript.
panel-sign-in-lead = Use your Lastword account. You stay signed in while this tab is open.
panel-waiting = Choose a chat to see its rating here.
panel-failed = The panel cannot reach the server. Try again.
panel-chat = Chat { $id }
panel-unknown = Nothing is known about this chat yet, or it is not on one of your lines. Chats appear here once your help desk has reported them.
panel-open = Open in Lastword
panel-hold = Do not ask
panel-hold-lead = The question has not been sent yet. You can still leave this chat out.
panel-held = The client will not be asked about this chat.
panel-too-late = Too late: the chat has changed in the meantime.
panel-earlier = Earlier ratings of this client
panel-earlier-none = None you have access to.
