"""Names of people, combined from lists of our own; nobody in particular is meant."""

import unicodedata
from collections.abc import Iterator
from random import Random

FEMALE = (
    "Abena", "Adriana", "Agnieszka", "Aisha", "Alma", "Amara", "Anneke", "Astrid", "Ayşe",
    "Beatriz", "Bridget", "Camille", "Carmen", "Chiara", "Danuta", "Divya", "Elena", "Elif",
    "Esther", "Fatima", "Freya", "Gabriela", "Grace", "Hana", "Helena", "Imani", "Ingrid",
    "Inês", "Jasmine", "Joana", "Kateryna", "Laila", "Leonie", "Lucía", "Maeve", "Magda",
    "Maja", "Mariam", "Mei", "Mireille", "Nadia", "Naledi", "Naomi", "Ngozi", "Olga", "Paloma",
    "Priya", "Rania", "Rosalind", "Ruta", "Sanna", "Shirin", "Sofia", "Soraya", "Tamar",
    "Thandi", "Tove", "Valentina", "Wanjiru", "Yuki", "Zainab", "Zoë",
)  # fmt: skip
MALE = (
    "Adrian", "Ahmed", "Alejandro", "Amadou", "Anders", "Andrei", "Arjun", "Bartosz",
    "Benedict", "Bilal", "Bruno", "Callum", "Carlos", "Chidi", "Cristian", "Daniel", "Davide",
    "Dawit", "Emil", "Emre", "Farid", "Felix", "Finn", "Gareth", "Goran", "Hamza", "Henrik",
    "Hugo", "Ibrahim", "Ivan", "Jakub", "Jens", "Jonas", "Joseph", "Kenji", "Kofi", "Kwame",
    "Lars", "Leon", "Luca", "Malik", "Marek", "Mateo", "Miguel", "Mihai", "Nikhil", "Oisín",
    "Oluwaseun", "Omar", "Patrick", "Paulo", "Rafael", "Rashid", "Ravi", "Samuel", "Sergei",
    "Søren", "Tariq", "Tomasz", "Viktor", "Wei", "Yusuf", "Zoran",
)  # fmt: skip
ANY = (
    "Alex", "Ariel", "Charlie", "Dana", "Eden", "Jamie", "Jules", "Kai", "Kim", "Lior", "Luan",
    "Micha", "Nico", "Noa", "Quinn", "Robin", "Rowan", "Sam", "Sasha", "Shanthi", "Tal", "Uli",
)  # fmt: skip
FAMILY = (
    "Abiodun", "Adeyemi", "Ahlberg", "Almeida", "Andersen", "Aydemir", "Bakker", "Banerjee",
    "Barbosa", "Baumann", "Bekele", "Bianchi", "Boateng", "Brandt", "Byrne", "Castillo",
    "Chowdhury", "Conti", "Cunha", "Dahl", "Das", "Delacroix", "Demir", "Diallo", "Dlamini",
    "Dubois", "Eriksen", "Eze", "Farah", "Fernandes", "Fischer", "Fofana", "Forde", "Fujimoto",
    "Gallagher", "García", "Gill", "Gupta", "Głowacki", "Haddad", "Halvorsen", "Hansson",
    "Hartley", "Hassan", "Hoang", "Horvat", "Ibarra", "Ivanova", "Jansen", "Joshi", "Kamau",
    "Kaplan", "Keller", "Khalil", "Kovács", "Kruger", "Kumar", "Laurent", "Lindqvist",
    "Lombardi", "Lopes", "MacLeod", "Mahlangu", "Marchetti", "Mbeki", "Mendes", "Mensah",
    "Moreau", "Mukherjee", "Mwangi", "Nair", "Novák", "Nowak", "Ochieng", "Okafor", "Olsson",
    "Ortega", "Osei", "Park", "Patel", "Pavlović", "Petrov", "Pham", "Popescu", "Quiroga",
    "Rahman", "Ramos", "Reyes", "Ricci", "Romero", "Rossi", "Ryan", "Sandoval", "Sato",
    "Schreiber", "Sharma", "Shevchenko", "Silva", "Singh", "Sithole", "Sousa", "Steiner",
    "Suzuki", "Takahashi", "Tanaka", "Tesfaye", "Thorne", "Torres", "Tran", "Traoré", "Vargas",
    "Vermeer", "Virtanen", "Wagner", "Walsh", "Weiss", "Whitlock", "Wójcik", "Yamada", "Zhang",
    "Zimmermann", "Öztürk",
)  # fmt: skip
LETTERS = str.maketrans({"ø": "o", "ł": "l", "Ø": "O", "Ł": "L"})


def people(rng: Random) -> Iterator[tuple[str, str]]:
    """Yield names and genders without end; no name comes twice."""
    used: set[str] = set()
    while True:
        gender, first_names = _gender(rng.random())
        name = f"{rng.choice(first_names)} {rng.choice(FAMILY)}"
        if name not in used:
            used.add(name)
            yield name, gender


def _gender(chance: float) -> tuple[str, tuple[str, ...]]:
    if chance < 0.50:
        return "female", FEMALE
    if chance < 0.95:
        return "male", MALE
    return ("undisclosed" if chance < 0.985 else "other"), ANY


def address(name: str) -> str:
    """Return the e-mail address of a person in the demo organisation."""
    plain = unicodedata.normalize("NFKD", name.translate(LETTERS))
    letters = "".join(letter for letter in plain if letter.isascii() and letter.isprintable())
    return f"{'.'.join(letters.lower().split())}@meridian.example"
