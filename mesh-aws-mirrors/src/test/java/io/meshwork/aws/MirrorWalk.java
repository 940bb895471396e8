package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Walks of a mesh through steps, each with a run of its mirrors that a fault disturbs. Whatever
 * happens to a run, the next one, by another process, completes it: the services have the same as
 * without faults, and nothing of others changes.
 */
final class MirrorWalk<M extends MirroredMesh> {
  private static final String RECORD = "mesh.mirrors.record";

  private static final String AGAIN =
      ". If the mirrors were changed so, record the walk again with -D" + RECORD + "=true";

  private final String file;
  private final List<MirrorStep<M>> steps;
  private final Function<AwsEmulator, M> make;
  private final List<MirrorStepResult> expected;

  /**
   * Creates the walks.
   *
   * @param file has what a walk without faults leaves
   * @param make makes a mesh
   */
  MirrorWalk(String file, List<MirrorStep<M>> steps, Function<AwsEmulator, M> make) {
    this.file = file;
    this.steps = steps;
    this.make = make;
    this.expected = MirrorStepResult.recorded(file);
  }

  /** Returns the operations of a walk without faults. */
  Set<String> calls() {
    Set<String> calls = new TreeSet<>();
    expected.forEach(step -> calls.addAll(step.calls()));
    return calls;
  }

  /** Returns how many walks there are; together they have each kind of fault at each operation. */
  int size() {
    return walks().size();
  }

  /**
   * Walks once.
   *
   * @param number which of the walks, from 0
   */
  void walk(AwsEmulator aws, int number) {
    List<List<Optional<MirrorFault>>> walks = walks();
    System.out.println(
        "%s, walk %d of %d, %s".formatted(file, number, walks.size(), FaultSample.ARGUMENT));
    walk(aws, walks.get(number));
  }

  /**
   * Returns a test for each walk.
   *
   * @param seed the seed of a build that draws the first walk; the next seeds draw the next walks
   */
  Stream<DynamicTest> all(AwsEmulator aws, int seed) {
    List<List<Optional<MirrorFault>>> walks = walks();
    return IntStream.range(0, walks.size())
        .mapToObj(
            number ->
                DynamicTest.dynamicTest(
                    "%s, walk %d, as -Dmesh.faults.seed=%d".formatted(file, number, seed + number),
                    () -> walk(aws, walks.get(number))));
  }

  /** Walks without faults, and compares with what is recorded, or records it. */
  void record(AwsEmulator aws) throws IOException {
    List<MirrorStepResult> results = new ArrayList<>();
    try (M mesh = make.apply(aws)) {
      steps.forEach(step -> results.add(undisturbed(step, mesh, aws)));
    }
    if (Boolean.getBoolean(RECORD)) {
      Files.writeString(
          Path.of("src/test/resources/io/meshwork/aws", file), MirrorStepResult.text(results));
    } else {
      assertThat(withoutNumbers(results))
          .as("a walk without faults" + AGAIN)
          .containsExactlyElementsOf(withoutNumbers(expected));
    }
  }

  /** Returns the text of results without the numbers of calls, which depend on the order of IDs. */
  private static List<String> withoutNumbers(List<MirrorStepResult> results) {
    return MirrorStepResult.text(results)
        .lines()
        .map(line -> line.replaceFirst("^call \\d+ ", "call "))
        .toList();
  }

  private MirrorStepResult undisturbed(MirrorStep<M> step, M mirrored, AwsEmulator aws) {
    step.change().accept(mirrored);
    List<String> others = MirrorState.ofOthers(mirrored.state());
    aws.reset();
    step.disturbance().accept(aws);
    List<Finding> left;
    try (Mesh mesh = mirrored.open(AwsLocal.QUICK).open()) {
      left = step.run().apply(mesh);
    }
    List<String> calls = aws.calls().stream().filter(MirrorOperations::isOfMirror).toList();
    aws.reset();
    List<String> state = mirrored.state();
    assertThat(MirrorState.ofOthers(state))
        .as("of others after %s", step.name())
        .containsExactlyElementsOf(others);
    assertThat(left)
        .as("left after %s", step.name())
        .allMatch(
            finding ->
                isUnaccepted(finding, mirrored)
                    || (finding.code() == FindingCode.MIRROR_FOREIGN
                        && finding.toString().contains(MirrorStrangers.NAME)));
    return new MirrorStepResult(step.name(), calls, texts(left, mirrored), state);
  }

  private boolean isUnaccepted(Finding finding, M mirrored) {
    return finding.code() == FindingCode.MIRROR_UNREADABLE
        && mirrored.outsiders().stream()
            .anyMatch(account -> finding.where().equals("readers in " + account));
  }

  private List<String> texts(List<Finding> findings, M mirrored) {
    return mirrored.named(
        findings.stream().map(finding -> finding.code() + " " + finding.where()).toList());
  }

  private List<List<Optional<MirrorFault>>> walks() {
    return MirrorFault.walks(expected.stream().map(MirrorStepResult::calls).toList());
  }

  private void walk(AwsEmulator aws, List<Optional<MirrorFault>> faults) {
    try (M mirrored = make.apply(aws)) {
      for (int i = 0; i < faults.size(); i++) {
        MirrorStep<M> step = steps.get(i);
        step.change().accept(mirrored);
        MirrorStepResult result = expected.get(i);
        faults.get(i).ifPresent(fault -> fail(step, fault, mirrored, result, aws));
        complete(step, faults.get(i), mirrored, result, aws);
      }
    }
  }

  /** Runs a step with a fault, in a process that gives up soon. */
  private void fail(
      MirrorStep<M> step,
      MirrorFault fault,
      M mirrored,
      MirrorStepResult undisturbed,
      AwsEmulator aws) {
    aws.reset();
    fault.setOn(aws);
    step.disturbance().accept(aws);
    List<Finding> left = List.of();
    boolean hasFailed = false;
    try (Mesh mesh =
        mirrored.open(MirrorAccounts.IMPATIENT).deadline(Duration.ofMinutes(1)).open()) {
      left = step.run().apply(mesh);
    } catch (MeshException e) {
      hasFailed = true;
    }
    List<String> calls = aws.calls();
    aws.reset();
    String name = fault + " in " + step.name();
    assertThat(calls).as(name).contains(fault.call());
    if (fault.kills()) {
      assertThat(calls.get(calls.size() - 1))
          .as("the last call of " + name)
          .isEqualTo(fault.call());
    } else if (!hasFailed) {
      assertThat(texts(left, mirrored)).as("left by %s", name).isNotEqualTo(undisturbed.left());
    }
    mirrored.advance(Duration.ofMinutes(1));
  }

  /** Runs a step again in another process, and compares all that it leaves. */
  private void complete(
      MirrorStep<M> step,
      Optional<MirrorFault> fault,
      M mirrored,
      MirrorStepResult undisturbed,
      AwsEmulator aws) {
    String name = step.name() + fault.map(each -> " and " + each).orElse("");
    aws.reset();
    step.disturbance().accept(aws);
    try (Mesh mesh = mirrored.open(AwsLocal.QUICK).open()) {
      List<Finding> left = step.run().apply(mesh);
      assertThat(texts(left, mirrored)).as("left after %s", name).isEqualTo(undisturbed.left());
      Mirrors.Report again = mesh.mirrors().commit();
      assertThat(again.done()).as("done again after %s", name).isEmpty();
      assertThat(again.byHand()).as("left to people after %s", name).isEmpty();
    }
    aws.reset();
    List<String> state = mirrored.state();
    assertThat(MirrorStepResult.without(undisturbed.state(), state))
        .as("missing after " + name + AGAIN)
        .isEmpty();
    assertThat(MirrorStepResult.without(state, undisturbed.state()))
        .as("too much after " + name + AGAIN)
        .isEmpty();
  }
}
