# Die Seite „Heute“.
today-title = Heute
