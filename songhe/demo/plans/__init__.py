"""Plans of the demo city (演示规划): premises and homes, tasks, figures and a published report; all of it made up."""

from songhe.demo.plans.tell import tell_plans

__all__ = ["tell_plans"]
