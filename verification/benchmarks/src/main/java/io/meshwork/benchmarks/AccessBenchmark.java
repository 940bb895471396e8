package io.meshwork.benchmarks;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator.Readable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How long a decision takes in a mesh of 10,000 products, 1,000 principals and 50,000 grants, and
 * how much listing all that a principal can read gains by going over its grants, not over all
 * products. Prints lines {@code goal | contender | ratio | met}.
 */
public final class AccessBenchmark {
  private static final int DECISIONS = 200_000;
  private static final int PRINCIPALS_LISTED = 10;
  private static final int TURNS = 3;
  private static final double MOST_MICROS = 50;
  private static final double LEAST_RATIO = 10;

  private AccessBenchmark() {}

  /** No arguments. */
  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      throw BenchmarkSize.refused("access has no arguments; not: " + String.join(" ", arguments));
    }
    MeshOfGrants mesh = new MeshOfGrants(42);
    AccessState state = mesh.state();
    AccessEvaluator evaluator = AccessEvaluator.over(state);
    System.err.printf(
        Locale.ROOT,
        "%,d products, %,d principals, %,d grants%n",
        mesh.products().size(),
        mesh.principals().size(),
        state.grants().size());

    double[] micros = new double[5];
    for (int round = 0; round < micros.length; round++) {
      micros[round] = microsADecision(evaluator, mesh, round);
    }
    tell("A1-micros-a-decision", "none", best(micros), best(micros) <= MOST_MICROS);

    double[] ratios = new double[5];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = ratioOfListing(evaluator, mesh, round);
    }
    double ratio = median(ratios);
    tell("A2-list-all", "products-x-grants", ratio, ratio >= LEAST_RATIO);
  }

  private static void tell(String goal, String contender, double ratio, boolean met) {
    System.out.printf(
        Locale.ROOT, "%s | %s | %.2f | %s%n", goal, contender, ratio, met ? "yes" : "no");
  }

  /** Half of the questions are about products that the principal has grants on. */
  private static double microsADecision(AccessEvaluator evaluator, MeshOfGrants mesh, int seed) {
    Random random = new Random(seed);
    List<AccessQuestion> questions = new ArrayList<>();
    for (int i = 0; i < DECISIONS / 20; i++) {
      questions.add(mesh.question(random));
    }
    long seen = 0;
    long start = System.nanoTime();
    for (int i = 0; i < DECISIONS; i++) {
      var decision = evaluator.decide(questions.get(i % questions.size()));
      seen += decision.columns().size() + decision.permission().rowFilter().alternatives().size();
    }
    double micros = (System.nanoTime() - start) / 1_000.0 / DECISIONS;
    if (seen == 0) {
      throw new IllegalStateException("No decision let see anything.");
    }
    return micros;
  }

  /** Both take turns, and the best of some turns counts, as other work disturbs short ones most. */
  private static double ratioOfListing(AccessEvaluator evaluator, MeshOfGrants mesh, int round) {
    long onePass = 0;
    long eachProduct = 0;
    for (int i = 0; i < PRINCIPALS_LISTED; i++) {
      int place = (round * PRINCIPALS_LISTED + i) * 7 % mesh.principals().size();
      Grantee principal = mesh.principals().get(place);
      long bestPass = Long.MAX_VALUE;
      long bestEach = Long.MAX_VALUE;
      for (int turn = 0; turn < TURNS; turn++) {
        long start = System.nanoTime();
        List<Readable> listed = evaluator.listReadable(principal, MeshOfGrants.NOW);
        bestPass = Math.min(bestPass, System.nanoTime() - start);

        start = System.nanoTime();
        int answers = askForEach(evaluator, mesh, principal);
        bestEach = Math.min(bestEach, System.nanoTime() - start);
        if (answers != listed.size() || answers == 0) {
          throw new IllegalStateException(
              "One pass found " + listed.size() + " products and asking for each " + answers + ".");
        }
      }
      onePass += bestPass;
      eachProduct += bestEach;
    }
    return (double) eachProduct / onePass;
  }

  private static int askForEach(AccessEvaluator evaluator, MeshOfGrants mesh, Grantee principal) {
    int allowed = 0;
    for (Resource.Table product : mesh.products()) {
      AccessQuestion question =
          AccessQuestion.of(principal, Permission.SELECT, product, MeshOfGrants.NOW);
      allowed += evaluator.decide(question).allowed() ? 1 : 0;
    }
    return allowed;
  }

  private static double best(double[] some) {
    return Arrays.stream(some).min().orElseThrow();
  }

  private static double median(double[] some) {
    double[] sorted = some.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
