package io.meshwork.aws.glue;

import static io.meshwork.aws.GlueAccount.READINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.error.BackendException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever request of a run for one product fails, the next run completes the product. */
class MirroredProductFaultsTest extends EmulatorFixture {
  /** How long a run tries again. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private GlueAccount account;

  @BeforeEach
  void make() {
    account = GlueAccount.make(aws);
    account.mirror();
  }

  @AfterEach
  void close() {
    if (account != null) {
      account.close();
    }
  }

  private Mesh open() {
    return AwsLocal.quick(account.config, account.account, "plant-etl").open();
  }

  /** Returns the operations that a run of a new process for a product sends after a publish. */
  private Set<String> operations() {
    account.publish();
    aws.reset();
    try (Mesh mesh = open()) {
      assertThat(mesh.mirrors().of(READINGS).commit().remaining()).isEmpty();
    }
    return new LinkedHashSet<>(aws.calls());
  }

  /** Returns true if a new process mirrored the product although a request failed. */
  private boolean runs(String operation, Consumer<FaultRule> fault) {
    account.publish();
    String[] call = operation.split(":", 2);
    aws.reset();
    fault.accept(aws.on(call[0], call[1]));
    try (Mesh mesh = open()) {
      return mesh.mirrors().of(READINGS).timeout(LIMIT).commit().remaining().isEmpty();
    } catch (BackendException | OutcomeUnknownException e) {
      return false;
    } finally {
      assertThat(aws.calls()).contains(operation);
      aws.reset();
    }
  }

  private void assertCompletes(String operation) {
    try (Mesh mesh = open()) {
      assertThat(mesh.mirrors().of(READINGS).commit().remaining()).as(operation).isEmpty();
      assertThat(mesh.mirrors().plan().isEmpty()).as(operation).isTrue();
      assertThat(mesh.mirrors().verify().findings()).as(operation).isEmpty();
    }
  }

  @Test
  void aRequestThatFailsOnceIsSentAgain() {
    List<Consumer<FaultRule>> faults =
        List.of(FaultRule::throttle, FaultRule::fail500, FaultRule::loseReply);
    for (String operation : operations()) {
      for (Consumer<FaultRule> fault : faults) {
        assertThat(runs(operation, rule -> fault.accept(rule.nth(1)))).as(operation).isTrue();
        assertCompletes(operation);
      }
    }
  }

  @Test
  void whereARequestFailsEachTimeOrAnExpiredSessionIsDeniedTheNextRunCompletesTheProduct() {
    for (String operation : operations()) {
      for (Consumer<FaultRule> fault :
          List.<Consumer<FaultRule>>of(FaultRule::fail500, FaultRule::expireToken)) {
        assertThat(runs(operation, fault)).as(operation).isFalse();
        assertCompletes(operation);
      }
    }
  }

  @Test
  void whereAProcessIsKilledAfterARequestTheNextRunCompletesTheProduct() {
    for (String operation : operations()) {
      runs(operation, rule -> rule.nth(1).killCaller());
      assertCompletes(operation);
    }
  }
}
