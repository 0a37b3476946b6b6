# O raio-X: a página que lastword xray escreve.
xray-in-a-list = Numa lista
xray-rule-bitrix24-score = «Gosto» dividido por «gosto» e «não gosto».
xray-operators = Operadores
xray-no-operators = Nenhuma avaliação refere um operador.
xray-operators-read = Testes exatos comparam cada operador com todos os outros na mesma caixa, canal e escala. Um único erro de 5% vale para a tabela inteira, e cada cliente conta uma vez, pela última avaliação.
xray-operators-drawn = Operadores com a proporção de avaliações boas e os intervalos de 95%; os mesmos números estão na tabela abaixo.
xray-label-without-operator = Avaliações sem operador
xray-label-told-apart = Operadores que não se distinguem
xray-rule-without-operator = Avaliações que não referem um operador: contam no total e para ninguém.
xray-rule-credited-elsewhere = Avaliações creditadas a um operador que não escreveu nada ao cliente naquele chat, enquanto um colega escreveu.
xray-rule-told-apart = Operadores em que testes exatos, com um único erro de 5% para todos, não encontram diferença em relação aos outros.
xray-missed-no-close-note = Chats cujo encerramento não está registado; a última atividade fica no lugar
