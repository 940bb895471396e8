package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.maintenance.Mirrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A mesh whose mirrors make, change, repair, and remove objects of each kind, with faults at their
 * calls. Whatever happens to a run, the next one, by another process, completes it: the services
 * have the same as without faults, and nothing of others changes.
 *
 * <p>Each build walks once, with a fault in each step, chosen by its seed, and compares with {@link
 * MirrorStepResult#FILE}. The nightly tests have each kind of fault at each operation, and a walk
 * without faults, which records that file with {@code -Dmesh.mirrors.record=true}.
 */
class MirrorFaultWalkTest extends EmulatorFixture {
  private static final String RECORD = "mesh.mirrors.record";

  private static final String AGAIN =
      ". If the mirrors were changed so, record the walk again with -D" + RECORD + "=true";

  private static final List<MirrorStepResult> EXPECTED = MirrorStepResult.recorded();

  private static MirrorStepResult undisturbed(MirrorStep step, MirrorAccounts accounts) {
    step.change().accept(accounts);
    List<String> others = MirrorState.ofOthers(MirrorState.of(accounts));
    aws.reset();
    step.disturbance().accept(aws);
    List<Finding> left;
    try (Mesh mesh = accounts.open(AwsLocal.QUICK).open()) {
      left = step.run().apply(mesh);
    }
    List<String> calls = aws.calls().stream().filter(MirrorOperations::isOfMirror).toList();
    aws.reset();
    List<String> state = MirrorState.of(accounts);
    assertThat(MirrorState.ofOthers(state))
        .as("of others after %s", step.name())
        .containsExactlyElementsOf(others);
    assertThat(left)
        .as("left after %s", step.name())
        .allMatch(
            finding ->
                isUnaccepted(finding, accounts)
                    || (finding.code() == FindingCode.MIRROR_FOREIGN
                        && finding.toString().contains(MirrorStrangers.NAME)));
    return new MirrorStepResult(step.name(), calls, texts(left, accounts), state);
  }

  private static boolean isUnaccepted(Finding finding, MirrorAccounts accounts) {
    return finding.code() == FindingCode.MIRROR_UNREADABLE
        && finding.where().equals("readers in " + accounts.outsider);
  }

  private static List<String> texts(List<Finding> findings, MirrorAccounts accounts) {
    return accounts.named(
        findings.stream().map(finding -> finding.code() + " " + finding.where()).toList());
  }

  @Test
  void theStepsMakeEachCallThatAMirrorKnows() {
    Set<String> walked = new TreeSet<>();
    EXPECTED.forEach(step -> walked.addAll(step.calls()));

    Set<String> known = MirrorOperations.ofClasses();
    known.add(MirrorOperations.ASSUME_ROLE);
    assertThat(walked).isEqualTo(known);
    Set<String> permitted = MirrorOperations.ofPolicies(MirrorAccounts.policies());
    permitted.add(MirrorOperations.ASSUME_ROLE);
    permitted.add(MirrorOperations.GET_CREDENTIALS);
    assertThat(walked).isEqualTo(permitted);
  }

  @Test
  void theNextRunCompletesRunsWithFaults() {
    List<List<Optional<MirrorFault>>> walks = walks();
    int number = (int) Math.floorMod(FaultSample.SEED, (long) walks.size());
    System.out.println(
        "MirrorFaultWalkTest, walk %d of %d, %s"
            .formatted(number, walks.size(), FaultSample.ARGUMENT));
    walk(walks.get(number));
  }

  @Tag("nightly")
  @TestFactory
  Stream<DynamicTest> theNextRunCompletesRunsWithAnyFault() {
    List<List<Optional<MirrorFault>>> walks = walks();
    return IntStream.range(0, walks.size())
        .mapToObj(
            number ->
                DynamicTest.dynamicTest(
                    "walk " + number + ", as -Dmesh.faults.seed=" + number,
                    () -> walk(walks.get(number))));
  }

  @Tag("nightly")
  @Test
  void aWalkWithoutFaultsLeavesWhatIsRecorded() throws IOException {
    List<MirrorStepResult> results = new ArrayList<>();
    try (MirrorAccounts accounts = MirrorAccounts.make(aws)) {
      MirrorStep.ALL.forEach(step -> results.add(undisturbed(step, accounts)));
    }
    if (Boolean.getBoolean(RECORD)) {
      Files.writeString(
          Path.of("src/test/resources/io/meshwork/aws", MirrorStepResult.FILE),
          MirrorStepResult.text(results));
    } else {
      assertThat(MirrorStepResult.text(results).lines())
          .as("a walk without faults" + AGAIN)
          .containsExactlyElementsOf(MirrorStepResult.text(EXPECTED).lines().toList());
    }
  }

  private static List<List<Optional<MirrorFault>>> walks() {
    return MirrorFault.walks(EXPECTED.stream().map(MirrorStepResult::calls).toList());
  }

  private static void walk(List<Optional<MirrorFault>> faults) {
    try (MirrorAccounts accounts = MirrorAccounts.make(aws)) {
      for (int i = 0; i < faults.size(); i++) {
        MirrorStep step = MirrorStep.ALL.get(i);
        step.change().accept(accounts);
        MirrorStepResult expected = EXPECTED.get(i);
        faults.get(i).ifPresent(fault -> fail(step, fault, accounts, expected));
        complete(step, faults.get(i), accounts, expected);
      }
    }
  }

  /** Runs a step with a fault, in a process that gives up soon. */
  private static void fail(
      MirrorStep step, MirrorFault fault, MirrorAccounts accounts, MirrorStepResult expected) {
    aws.reset();
    fault.setOn(aws);
    step.disturbance().accept(aws);
    List<Finding> left = List.of();
    boolean hasFailed = false;
    try (Mesh mesh =
        accounts.open(MirrorAccounts.IMPATIENT).deadline(Duration.ofMinutes(1)).open()) {
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
      assertThat(texts(left, accounts)).as("left by %s", name).isNotEqualTo(expected.left());
    }
    accounts.advance(Duration.ofMinutes(1));
  }

  /** Runs a step again in another process, and compares all that it leaves. */
  private static void complete(
      MirrorStep step,
      Optional<MirrorFault> fault,
      MirrorAccounts accounts,
      MirrorStepResult expected) {
    String name = step.name() + fault.map(each -> " and " + each).orElse("");
    aws.reset();
    step.disturbance().accept(aws);
    try (Mesh mesh = accounts.open(AwsLocal.QUICK).open()) {
      List<Finding> left = step.run().apply(mesh);
      assertThat(texts(left, accounts)).as("left after %s", name).isEqualTo(expected.left());
      Mirrors.Report again = mesh.mirrors().commit();
      assertThat(again.done()).as("done again after %s", name).isEmpty();
      assertThat(again.byHand()).as("left to people after %s", name).isEmpty();
    }
    aws.reset();
    List<String> state = MirrorState.of(accounts);
    assertThat(MirrorStepResult.without(expected.state(), state))
        .as("missing after " + name + AGAIN)
        .isEmpty();
    assertThat(MirrorStepResult.without(state, expected.state()))
        .as("too much after " + name + AGAIN)
        .isEmpty();
  }
}
