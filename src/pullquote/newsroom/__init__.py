"""Tools of newsrooms on top of answers: checks, verification, evidence, speakers, grids."""
