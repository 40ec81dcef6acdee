import cProfile, pstats, time
from approvals.tests.test_machine import *
from approvals.tests.test_machine import road, some
def test_d(road):
    pr = cProfile.Profile(); pr.enable(); t=time.process_time()
    run_state_machine_as_test(road, settings=some(8))
    pr.disable()
    print(road.steps, road.tried, time.process_time()-t)
    pstats.Stats(pr).sort_stats("cumtime").print_stats(60)
