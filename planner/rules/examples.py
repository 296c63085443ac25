"""Small files to begin with: what a people file, an hours file and a classification look like."""

EXAMPLES = {
    "people": (
        "employee_number,name,email,manager_number,unit,site,level,job_title,gender,fte,"
        "employment,hired_on,left_on\n"
        "100,Ana Duarte,ana.duarte@example.org,,Head office,Main house,executive,"
        "Managing director,female,1,permanent,2015-03-01,\n"
        "110,Ben Okoye,ben.okoye@example.org,100,Service,Main house,manager,"
        "Head of service,male,1,permanent,2017-09-01,\n"
        "121,Chloe Marin,chloe.marin@example.org,110,Service / Desk,Main house,team_lead,"
        "Team lead,female,1,permanent,2019-01-15,\n"
        "131,Dario Weber,dario.weber@example.org,121,Service / Desk,Main house,senior,"
        "Senior adviser,male,0.8,permanent,2020-06-01,\n"
        "132,Eva Lund,eva.lund@example.org,121,Service / Desk,Main house,frontline,"
        "Adviser,undisclosed,1,permanent,2023-02-01,\n"
        "133,Femi Adler,femi.adler@example.org,121,Service / Desk,Main house,frontline,"
        "Adviser,other,0.5,temporary,2024-11-01,\n"
    ),
    "hours": (
        "employee_number,course_code,course,date,hours,status,delivery,cost\n"
        "132,T-01,Booking system basics,2026-01-12,3:30,completed,classroom,\n"
        "133,T-01,Booking system basics,2026-01-12,3:30,completed,classroom,\n"
        "131,P-04,New tariffs,2026-02-03,1.5,completed,online,\n"
        "132,P-04,New tariffs,2026-02-03,1.5,no show,online,\n"
        "121,C-02,Data protection,2026-02-17,45 min,completed,online,\n"
        "132,S-11,Making it right,2026-03-05,1:30,completed,classroom,40\n"
        "133,S-11,Making it right,2026-03-05,1:30,completed,classroom,40\n"
    ),
    "classification": (
        "course_code,course,category,percent,from_on\n"
        "T-01,Booking system basics,technical,100,\n"
        "P-04,New tariffs,product_knowledge,60,\n"
        "P-04,New tariffs,relationship,40,\n"
        "C-02,Data protection,compliance,100,\n"
        "S-11,Making it right,service_recovery,100,\n"
    ),
}
"""Text of each file, by its name; together they make a first balance."""
