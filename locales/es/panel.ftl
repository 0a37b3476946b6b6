# El panel dentro de la mesa de ayuda.
panel-title = Valoración
panel-no-script = Este panel necesita JavaScript.
panel-sign-in-lead = Con su cuenta de Lastword. La sesión sigue abierta mientras lo esté esta pestaña.
panel-waiting = Elija un chat para ver aquí su valoración.
panel-failed = No se puede conectar con el servidor. Inténtelo de nuevo.
panel-chat = Chat { $id }
panel-unknown = Todavía no se sabe nada de este chat, o no es de sus líneas. Aparecerá aquí cuando la mesa de ayuda lo comunique.
panel-open = Abrir en Lastword
panel-hold = No preguntar
panel-hold-lead = La pregunta aún no se ha enviado. Todavía puede excluir este chat.
panel-held = No se preguntará al cliente por este chat.
panel-too-late = Ya no es posible: el chat ha cambiado entretanto.
panel-earlier = Valoraciones anteriores de este cliente
panel-earlier-none = Ninguna que usted pueda ver.
