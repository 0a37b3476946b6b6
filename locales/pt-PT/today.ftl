# What Portugal says differently.
verdict-scale = Os últimos 7 dias não podem ser comparados com os 7 anteriores: os clientes avaliaram noutra escala.
