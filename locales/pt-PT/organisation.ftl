# A organização, como os clientes a veem.
organisation-lead = O que os clientes veem de si: em e-mails, nas páginas das ligações e no chat do site.
organisation-name-hint = Por ele os clientes reconhecem-no. Sem nome, leem “Our team”.
organisation-in-file = Este nome vem do ficheiro de configuração ou do ambiente do servidor. É alterado lá.
organisation-color-hint = Para botões e ligações, por exemplo #0b6b62. Onde não seria legível, fica mais escura ou mais clara. Vazio: a nossa.
organisation-bad-name = Use no máximo { $n } caracteres numa linha.
organisation-bad-color = Escreva uma cor como # e seis algarismos ou letras de a a f, por exemplo #0b6b62.
organisation-logo-large = Este ficheiro é demasiado grande: no máximo { $n } kB. Reduza a imagem.
organisation-logo-svg = Os ficheiros SVG não são aceites, porque podem conter scripts. Guarde o logotipo como PNG.
organisation-logo-unknown = Não é uma imagem PNG, JPEG ou WebP. Escolha outro ficheiro.
done-organisation = Guardado. Os clientes já o veem.
first-organisation = Diga quem é
first-organisation-words = O seu nome, a sua cor e o seu logotipo, como os clientes os veem.
