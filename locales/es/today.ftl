# La página «Hoy».
today-title = Hoy
