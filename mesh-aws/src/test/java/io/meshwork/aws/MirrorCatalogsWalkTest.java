package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.MirrorFault.Kind;
import io.meshwork.error.MeshException;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Meshes of several catalogs, whose mirrors make, change, and remove objects in several accounts,
 * with a fault at one call of each run, which the seed chooses. Whatever happens to a run, the next
 * one, by another process, completes it: all accounts have the same as without faults.
 */
class MirrorCatalogsWalkTest extends EmulatorFixture {
  private static final List<Topology> TOPOLOGIES =
      List.of(
          Topology.federated(),
          Topology.byLineOfBusiness(
              Map.of("retail", Set.of("commerce"), "banking", Set.of("finance"))));

  /** Faults at one call; those after which the SDK gives up are of walks with one catalog. */
  private static final List<Kind> KINDS =
      List.of(
          Kind.KILL_AFTER_FIRST, Kind.LOSE_REPLY, Kind.EXPIRE_TOKEN, Kind.FAIL_500, Kind.THROTTLE);

  private static final List<String> SERVICES = List.of("glue", "lakeformation");
  private static final int SEEDS = 20;

  private static final List<Consumer<MirrorCatalogs>> STEPS =
      List.of(MirrorCatalogs::define, MirrorCatalogs::change);

  /** What a walk without faults leaves and calls after a step. */
  private record Step(List<String> state, List<String> calls) {}

  private static List<Step> undisturbed(Topology topology) {
    List<Step> steps = new ArrayList<>();
    try (MirrorCatalogs catalogs = MirrorCatalogs.make(aws, topology)) {
      for (Consumer<MirrorCatalogs> step : STEPS) {
        step.accept(catalogs);
        aws.reset();
        try (Mesh mesh = catalogs.open()) {
          assertThat(mesh.mirrors().commit().left()).isEmpty();
        }
        List<String> calls = aws.calls();
        steps.add(new Step(catalogs.state(), calls));
      }
    }
    return steps;
  }

  private static void walk(Topology topology, List<Step> expected, long seed) {
    Random random = new Random(seed);
    try (MirrorCatalogs catalogs = MirrorCatalogs.make(aws, topology)) {
      for (int i = 0; i < STEPS.size(); i++) {
        STEPS.get(i).accept(catalogs);
        MirrorFault fault = fault(random, expected.get(i).calls());
        String name = fault + " in step " + i + ", " + topology + ", " + seed;
        fail(catalogs, fault, name);
        complete(catalogs, expected.get(i), name);
      }
    }
  }

  private static MirrorFault fault(Random random, List<String> calls) {
    String service = SERVICES.get(random.nextInt(SERVICES.size()));
    int times = (int) calls.stream().filter(call -> call.startsWith(service + ":")).count();
    Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    return new MirrorFault(service + ":*", kind, 1 + random.nextInt(times));
  }

  private static void fail(MirrorCatalogs catalogs, MirrorFault fault, String name) {
    aws.reset();
    fault.setOn(aws);
    boolean isKilled = false;
    try (Mesh mesh = catalogs.open()) {
      mesh.mirrors().commit();
    } catch (MeshException e) {
      isKilled = fault.kills();
    }
    List<String> calls = aws.calls();
    aws.reset();
    String service = fault.call().replace("*", "");
    assertThat(count(calls, service)).as(name).isGreaterThanOrEqualTo(fault.number());
    assertThat(isKilled).as(name).isEqualTo(fault.kills());
  }

  private static int count(List<String> calls, String service) {
    return (int) calls.stream().filter(call -> call.startsWith(service)).count();
  }

  private static void complete(MirrorCatalogs catalogs, Step expected, String name) {
    try (Mesh mesh = catalogs.open()) {
      assertThat(mesh.mirrors().commit().left()).as(name).isEmpty();
      assertThat(mesh.mirrors().plan().steps()).as("left after %s", name).isEmpty();
      assertThat(mesh.mirrors().verify().findings()).as(name).isEmpty();
    }
    assertThat(catalogs.state()).as(name).containsExactlyElementsOf(expected.state());
  }

  /** A build walks in one of the topologies, which the seed of the faults draws. */
  @Test
  void theNextRunCompletesRunsWithFaultsInTheAccountsOfCatalogs() {
    Topology topology =
        TOPOLOGIES.get((int) Math.floorMod(FaultSample.SEED, (long) TOPOLOGIES.size()));
    System.out.println("MirrorCatalogsWalkTest, " + topology + ", " + FaultSample.ARGUMENT);
    walk(topology, undisturbed(topology), FaultSample.SEED);
  }

  @Tag("nightly")
  @TestFactory
  List<DynamicTest> theNextRunCompletesRunsWithManyFaults() {
    List<DynamicTest> walks = new ArrayList<>();
    for (Topology topology : TOPOLOGIES) {
      List<Step> expected = undisturbed(topology);
      LongStream.range(0, SEEDS)
          .forEach(
              seed ->
                  walks.add(
                      DynamicTest.dynamicTest(
                          topology + ", seed " + seed, () -> walk(topology, expected, seed))));
    }
    return walks;
  }
}
