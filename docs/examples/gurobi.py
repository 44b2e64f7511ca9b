"""A contender by Gurobi, for whoever has gurobipy (its bundled licence solves up to 2000 variables): integer
programs (kind "mip"), QUBOs, cuts and portfolios.

    [[contender]]
    name = "gurobi"
    command = ["python3", "gurobi.py"]
    time_limit = 120
"""
import json
import sys

import gurobipy
from gurobipy import GRB


def program(problem, model):
    x = {v["name"]: model.addVar(v["low"], v["high"], v["cost"], GRB.INTEGER) for v in problem["variables"]}
    for row in problem["constraints"]:
        sum_of_row = gurobipy.quicksum(factor * x[name] for name, factor in row["terms"])
        if row["low"] is not None:
            model.addConstr(sum_of_row >= row["low"])
        if row["high"] is not None:
            model.addConstr(sum_of_row <= row["high"])
    model.update()
    return x, model.getObjective() + problem["constant"]


def bits(names, model):
    return {name: model.addVar(vtype=GRB.BINARY) for name in names}


def qubo(problem, model):
    x = bits(problem["variables"], model)
    linear = gurobipy.quicksum(weight * x[name] for name, weight in zip(problem["variables"], problem["linear"]))
    return x, linear + gurobipy.quicksum(w * x[a] * x[b] for a, b, w in problem["quadratic"]) + problem["constant"]


def maxcut(problem, model):
    x = bits(problem["nodes"], model)
    return x, gurobipy.quicksum(w * (x[a] + x[b] - 2 * x[a] * x[b]) for a, b, w in problem["edges"])


def portfolio(problem, model):
    names = problem["assets"]
    x = {name: model.addVar(0, problem["lots"], vtype=GRB.INTEGER) for name in names}
    model.addConstr(gurobipy.quicksum(x.values()) == problem["picks"])
    for sector in problem["sectors"]:
        model.addConstr(gurobipy.quicksum(x[name] for name in sector["assets"]) <= sector["most"])
    if problem["most_assets"] is not None:
        held = bits(names, model)
        model.addConstrs(x[name] <= problem["lots"] * held[name] for name in names)
        model.addConstr(gurobipy.quicksum(held.values()) <= problem["most_assets"])
    variance = gurobipy.quicksum(
        problem["covariance"][i][j] * x[a] * x[b] for i, a in enumerate(names) for j, b in enumerate(names)
    )
    return x, problem["risk"] * variance - gurobipy.quicksum(m * x[a] for m, a in zip(problem["mean"], names))


FORMS = {"mip": program, "qubo": qubo, "maxcut": maxcut, "portfolio": portfolio}


def solved(message):
    if message["kind"] not in FORMS:
        return {"error": f"no form for a {message['kind']}"}
    with gurobipy.Env(params={"OutputFlag": 0, "Threads": 1, "Seed": message["seed"] % 2000000000, "MIPGap": 0}) as env:
        with gurobipy.Model(env=env) as model:
            x, objective = FORMS[message["kind"]](message["problem"], model)
            model.setObjective(objective, GRB.MAXIMIZE if message["sense"] == "max" else GRB.MINIMIZE)
            model.optimize()
            if model.SolCount == 0:
                return {"error": "no solution found"}
            values = {name: round(variable.X) for name, variable in x.items()}
            answer = {"solution": values, "converged": model.Status == GRB.OPTIMAL, "reason": "Gurobi's status %d" % model.Status}
            if message["kind"] == "portfolio" and message["problem"]["lots"] == 1:
                answer["solution"] = [name for name, held in values.items() if held]
            return answer


for line in sys.stdin:
    print(json.dumps(solved(json.loads(line))), flush=True)
