# Praise for operators, and the public review link.
set-praise = Avisar al agente de los elogios
set-praise-hint = La mejor valoración con comentario: en la página propia del agente y en un mensaje si el agente es destinatario. No se dice quién la dio.
set-review_link = Enlace para reseñas públicas
set-review_link-hint = Se muestra con el agradecimiento a todos los que respondieron, sea cual sea la valoración. Déjelo vacío para no mostrarlo a nadie.
set-bad-review-link = Escriba una dirección de 200 caracteres como máximo que empiece por https://.
set-texts-review = Texto antes del enlace de reseñas
set-texts-review-hint = Todos leen lo mismo. Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-bad-review-gated = Este texto depende de la valoración, así que no puede llevar al sitio de reseñas: el enlace llega a todos los que respondieron o a nadie.
alert-kind-praise = Elogio
me-praise = Elogios
me-praise-none = Nadie ha dado la mejor valoración con comentario en los últimos 90 días.
