package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.Faults.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Of several publishes with one key, exactly one commits, and its publisher learns that. */
public abstract class ReplaysSuite extends MeshFixture {
  /** A registry that applies the next commit and returns a wrong outcome. */
  private static final class MistakenRegistry implements Registry {
    private final Registry real;
    private @Nullable Function<Transaction, Outcome> next;

    MistakenRegistry(Registry real) {
      this.real = real;
    }

    @Override
    public Optional<Document> read(Key key) {
      return real.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      return real.list(partition, sortPrefix, cursor);
    }

    @Override
    public SortedSet<String> partitions() {
      return real.partitions();
    }

    @Override
    public Outcome commit(Transaction transaction) {
      Outcome outcome = real.commit(transaction);
      Function<Transaction, Outcome> answer = next;
      next = null;
      return answer == null ? outcome : answer.apply(transaction);
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      return real.resolve(partition, attemptId);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @Test
  void theCommittingPublisherKnowsItDespiteAnyRegistryReply() {
    mesh.close();
    List<MistakenRegistry> opened = new ArrayList<>();
    mesh =
        prepared(
                mesh()
                    .testing()
                    .wrapRegistry(
                        real -> {
                          opened.add(new MistakenRegistry(real));
                          return opened.get(0);
                        }))
            .open();
    defineOrders();
    List<Function<Transaction, Registry.Outcome>> answers =
        List.of(
            transaction ->
                Registry.Outcome.conflict(
                    transaction.actions().stream().map(Transaction.Action::key).toList()),
            transaction -> {
              throw Failure.of(MeshAction.of(Verb.WRITE, "documents"))
                  .because("the response was lost")
                  .passing(ErrorCode.BACKEND_FAILED);
            },
            transaction -> Registry.Outcome.UNKNOWN);
    for (int i = 0; i < answers.size(); i++) {
      opened.get(0).next = answers.get(i);

      PublishReceipt receipt =
          toOrders()
              .records(Order.range(i * 10L, i * 10L + 3))
              .replaceWhere("id >= " + i * 10)
              .idempotencyKey("key " + i)
              .commit();

      assertThat(receipt.replayed()).as("answer %s", i).isFalse();
      assertThat(shop().publishHistory(ORDERS).findReceipt("key " + i)).contains(receipt);
      assertThat(orders()).as("answer %s", i).hasSize(3 * (i + 1));
      assertWhole();
    }
  }

  @Test
  void exactlyOneOfManyPublishersOfOneKeyPublishes() throws Exception {
    defineOrders();
    for (int round = 0; round < 5; round++) {
      String key = "round " + round;
      long first = round * 10L;
      registry.everyOther(ScriptedRegistry.Fault.REPLY_LOST);
      List<Callable<Boolean>> publishers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        publishers.add(
            () ->
                toOrders()
                    .records(Order.range(first, first + 3))
                    .idempotencyKey(key)
                    .commit()
                    .replayed());
      }

      assertThat(ConcurrentCalls.run(publishers)).as(key).containsOnlyOnce(false);
      faults.clear();
      assertThat(orders()).hasSize(3 * (round + 1));
    }
    assertWhole();
  }

  @Test
  void aPublishWhoseKeyIsTakenAtItsCommitLeavesNoFiles() {
    defineOrders();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(() -> toOrders().records(Order.range(0, 4)).idempotencyKey("monday").commit());

    PublishReceipt second = toOrders().records(Order.range(0, 3)).idempotencyKey("monday").commit();

    assertThat(second.replayed()).isTrue();
    assertThat(second.rowsAccepted()).isEqualTo(4);
    assertThat(orders()).hasSize(4);
    assertWhole();
  }
}
