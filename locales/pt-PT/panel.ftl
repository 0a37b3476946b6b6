# Onde o português de Portugal difere do do Brasil; o resto está em ../pt.
panel-sign-in-lead = Com a sua conta do Lastword. A sessão mantém-se aberta enquanto este separador estiver aberto.
panel-failed = Não foi possível ligar ao servidor. Tente novamente.
panel-too-late = Já não é possível: entretanto o chat mudou.
panel-earlier-none = Nenhuma que possa ver.
