# A página «Hoje».
today-title = Hoje
