package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.aws.AwsOperations.Verification;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An account that an onboarding made, in a real account with the profile {@code aws-live}: the
 * plan's own change sets make and change its stacks, its roles are proven, one publishes a row,
 * another reads it, and the stacks are removed. Otherwise, the emulator is the endpoint.
 */
class AwsLiveTemplatesTest {
  private static final String DOMAIN = "live";
  private static final String ORDERS = "live/orders";

  private AwsEmulator aws;
  private AwsLiveAccount live;
  private LiveStacks stacks;

  @BeforeEach
  void findAccount() {
    live = AwsLiveAccount.current().orElseGet(this::emulated);
    stacks = LiveStacks.of(live);
    assertThat(stacks.removeAll()).as("of a run that was killed").isEmpty();
  }

  @AfterEach
  void removeAll() {
    try {
      if (stacks != null) {
        try (LiveStacks all = stacks) {
          assertThat(all.removeAll()).isEmpty();
        } finally {
          AwsLiveSession.removeAll(live);
        }
      }
    } finally {
      if (aws != null) {
        aws.close();
      }
    }
  }

  private AwsLiveAccount emulated() {
    aws = AwsEmulator.start();
    String account = "9" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
    return AwsLiveAccount.of(
        Map.of(
            "MESH_LIVE_REGION",
            aws.region(),
            "MESH_LIVE_ACCOUNT",
            account,
            "MESH_LIVE_PREFIX",
            "p" + UUID.randomUUID().toString().substring(0, 6),
            "MESH_LIVE_ENDPOINT",
            aws.endpoint().toString()),
        AwsLocal.role(account, DOMAIN));
  }

  @Test
  void anAccountOfTemplatesIsOnboardedProvenAndUsed() {
    AwsConfig config = live.newMesh();
    Principal etl = Principal.of(live.account(), config.table() + "-etl");
    Principal reader = Principal.of(live.account(), config.table() + "-analyst");
    AccountSetup setup =
        AccountSetup.of(config, live.account())
            .role(etl.role(), AwsRoleKind.steward(DOMAIN), AwsRoleKind.producer(DOMAIN))
            .role(reader.role(), AwsRoleKind.consumer(DOMAIN));

    Plan<Report> plan = with(setup, OnboardAccount::plan);
    // A role that exists, such as that of another mesh, would be adopted: nothing is done then.
    assertThat(plan.steps())
        .as(plan.toString())
        .extracting(Plan.Step::verb)
        .containsExactly("create", "create", "make", "register");
    Report report = with(setup, run -> run.commitAsPlanned(plan.fingerprint()));
    assertThat(report.done())
        .extracting(Plan.Step::verb)
        .containsExactly("create", "create", "make", "register");
    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining()).isEmpty();
    Plan<Report> again = with(setup, OnboardAccount::plan);
    assertThat(again.isEmpty()).as(again.toString()).isTrue();
    assertThat(again.findings()).isEmpty();
    // IAM applies new roles with a delay.
    Verification proof =
        LiveStacks.awaited(
            () ->
                Optional.of(with(setup, OnboardAccount::verify))
                    .filter(found -> found.proven().containsAll(List.of(etl, reader)))
                    .filter(found -> Finding.errors(found.findings()).isEmpty()));
    assertThat(proof.proven()).contains(Principal.of(live.account(), OnboardedAccounts.DEPLOYER));

    LiveStacks.awaited(() -> unlessDenied(config, etl, AwsLiveTemplatesTest::publish));
    List<SmallOrder> read =
        LiveStacks.awaited(() -> unlessDenied(config, reader, AwsLiveTemplatesTest::read));
    assertThat(read).containsExactly(new SmallOrder("1", 12));

    AccountSetup more = setup.role(config.table() + "-loader", AwsRoleKind.reader());
    assertThat(with(more, OnboardAccount::plan).steps())
        .extracting(Plan.Step::verb)
        .containsExactly("change", "change");
    // A stack is rolled back while IAM does not apply the new permissions of the deployer.
    LiveStacks.awaited(
        () -> {
          with(more, OnboardAccount::commit);
          return Optional.of(with(more, OnboardAccount::plan)).filter(Plan::isEmpty);
        });

    Template own = setup.templates().get(1);
    assertThatThrownBy(() -> stacks.client().deleteStack(delete -> delete.stackName(own.stack())))
        .hasMessageContaining("TerminationProtection");
  }

  private <T> T with(AccountSetup setup, Function<OnboardAccount, T> use) {
    try (AwsOperations operations =
        AwsOperations.of(
            setup.config(),
            live.credentials(),
            AwsTimeouts.STANDARD,
            InstantSource.system(),
            Sleeper.real())) {
      return use.apply(
          operations
              .onboard(setup)
              .domain(DOMAIN, "live@example.org")
              .templatesTo(OnboardedAccounts.TEMPLATES));
    }
  }

  private static String publish(Mesh mesh) {
    mesh.client().defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
    return mesh.client()
        .publish(ORDERS)
        .records(List.of(new SmallOrder("1", 12)))
        .idempotencyKey("live")
        .commit()
        .toString();
  }

  private static List<SmallOrder> read(Mesh mesh) {
    List<SmallOrder> all = new ArrayList<>();
    try (Rows<SmallOrder> rows = mesh.client().read(ORDERS).as(SmallOrder.class).rows()) {
      rows.forEach(all::add);
    }
    return all;
  }

  /** Returns what a process of a role gets; empty while AWS does not know its rights. */
  private <T> Optional<T> unlessDenied(AwsConfig config, Principal role, Function<Mesh, T> use) {
    try (Mesh mesh = AwsMesh.builder(config, live.assumed(config.roleArn(role))).open()) {
      return Optional.of(use.apply(mesh));
    } catch (AccessDeniedException | BackendException e) {
      if (aws != null) {
        throw e; // The emulator has no delay.
      }
      return Optional.empty();
    }
  }
}
