# A página «Hoje».
today-title = Hoje
verdict-better = Os últimos 7 dias são melhores que os 7 anteriores: { $now } boas, antes { $before }.
verdict-worse = Os últimos 7 dias são piores que os 7 anteriores: { $now } boas, antes { $before }.
verdict-same = Sem mudança clara nos últimos 7 dias: { $now } boas, antes { $before }.
verdict-better-within = Os últimos 7 dias são melhores que os 7 anteriores: { $points } pontos de avaliações boas nas mesmas linhas, canais e escalas.
verdict-worse-within = Os últimos 7 dias são piores que os 7 anteriores: { $points } pontos de avaliações boas nas mesmas linhas, canais e escalas.
verdict-same-within = Sem mudança clara nos últimos 7 dias: { $points } pontos de avaliações boas nas mesmas linhas, canais e escalas.
verdict-scale = Os últimos 7 dias não podem ser comparados com os 7 anteriores: os clientes avaliaram em outra escala.
verdict-rule = Os últimos 7 dias não podem ser comparados com os 7 anteriores: “boa” agora é definida de outra forma.
verdict-few = Há poucas perguntas encerradas para dizer se os últimos 7 dias são melhores ou piores que os 7 anteriores.
verdict-report = Abrir o relatório
