package io.meshwork.internal.conformance.events;

import static io.meshwork.contract.Rule.custom;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.REJECTED;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.REPLY_LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.runtime.MeshObserver;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** When code of the caller throws, the error has a code and states the outcome of the operation. */
public abstract class CallerCodeSuite extends MeshFixture {
  private static final String LINES = "commerce/lines";

  record Line(long id, String text) {
    @Override
    public String text() {
      if (id == 7) {
        throw new IllegalStateException(CANARY);
      }
      return text;
    }
  }

  private static List<Line> lines(long from, long to) {
    return Stream.iterate(from, id -> id < to, id -> id + 1)
        .map(id -> new Line(id, "text"))
        .toList();
  }

  private MeshClient defineLines() {
    MeshClient shop = registerShop();
    shop.defineProduct(LINES).contract(Contract.of(Line.class)).commit();
    return shop;
  }

  private static void assertFailed(ErrorCode code, ThrowingCallable call, String... words) {
    assertThat(catchThrowableOfType(BackendException.class, call))
        .isNotNull()
        .hasMessageContainingAll(words)
        .hasMessageNotContaining(CANARY)
        .satisfies(failed -> assertThat(failed.errorCode()).isEqualTo(code))
        .satisfies(failed -> assertThat(failed.retryable()).isFalse());
  }

  @Test
  void aRecordWhoseAccessorThrowsIsNamedAndNothingIsPublished() {
    MeshClient shop = defineLines();
    State before = state();

    assertFailed(
        ErrorCode.SOURCE_FAILED,
        () -> shop.publish(LINES).records(lines(5, 9)).commit(),
        LINES,
        "record 3",
        "IllegalStateException",
        "Nothing was published");
    assertFailed(
        ErrorCode.SOURCE_FAILED,
        () ->
            shop.publish(LINES).records(List.of(Map.of("id", 1L, "text", "x"), broken())).commit(),
        "record 2");
    assertFailed(
        ErrorCode.SOURCE_FAILED,
        () -> shop.publish(LINES).records(sizeless()).commit(),
        "IllegalStateException");
    assertNothingChanged(before);
    assertWhole();
  }

  private static Map<String, Object> broken() {
    return new AbstractMap<>() {
      @Override
      public Set<Entry<String, Object>> entrySet() {
        throw new IllegalStateException(CANARY);
      }
    };
  }

  private static List<Line> sizeless() {
    return new AbstractList<>() {
      @Override
      public Line get(int index) {
        return new Line(index, "x");
      }

      @Override
      public int size() {
        throw new IllegalStateException(CANARY);
      }
    };
  }

  @Test
  void aListenerThatThrowsBeforeTheCommitEndsThePublishAndLaterChangesNothing() {
    defineOrders();
    for (String phase : List.of("rows", "commit")) {
      State before = state();
      assertFailed(
          ErrorCode.CALLER_CODE_FAILED,
          () ->
              toOrders()
                  .records(Order.range(0, 3))
                  .onProgress(
                      (at, done, total) -> {
                        if (at.equals(phase)) {
                          throw new IllegalStateException(CANARY);
                        }
                      })
                  .commit(),
          ORDERS,
          "listener",
          "Nothing was committed");
      assertNothingChanged(before);
    }

    PublishReceipt receipt =
        toOrders()
            .records(Order.range(0, 3))
            .onProgress(
                (at, done, total) -> {
                  if (at.equals("commit") && done == 1) {
                    throw new IllegalStateException(CANARY);
                  }
                })
            .commit();

    assertThat(receipt.replayed()).isFalse();
    assertThat(orders()).hasSize(3);
    assertWhole();
  }

  @Test
  void anExceptionOfANestedPublishIsNotTheOutcomeOfTheOuterOne() {
    defineOrders();
    State before = state();

    Publish<Order> publish =
        toOrders()
            .records(Order.range(0, 3))
            .onProgress(
                (at, done, total) -> {
                  throw Failure.of(MeshAction.of(Verb.PUBLISH, "of another"))
                      .because("the response was lost")
                      .outcomeUnknown("another");
                });

    assertFailed(ErrorCode.CALLER_CODE_FAILED, publish::commit, "Nothing was committed");
    assertNothingChanged(before);
    assertWhole();
  }

  @Test
  void anObserverThatThrowsHidesNothing() {
    mesh.close();
    MeshObserver broken =
        new MeshObserver() {
          @Override
          public void committed(String by, String what, Object result) {
            throw new IllegalStateException(what);
          }

          @Override
          public void refused(String by, String what, MeshException why) {
            throw new IllegalStateException(what);
          }

          @Override
          public Runnable created(String by, String what) {
            throw new IllegalStateException(what);
          }

          @Override
          public Runnable opened(String by, String what) {
            return () -> {
              throw new IllegalStateException(what);
            };
          }
        };
    Mesh.Builder observed = prepared(mesh());
    ((MeshObserver.Settings) observed).observe(broken);
    mesh = observed.open();
    defineOrders();

    assertThat(toOrders().records(Order.range(0, 3)).commit().rowsAccepted()).isEqualTo(3);
    assertThat(orders()).hasSize(3);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> toOrders().commit(),
        "records(..), files(..), batches(..), resultSet(..), or republish(..) is missing");
  }

  @Test
  void aSleeperThatThrowsDoesNotHideTheOutcome() {
    mesh.close();
    AtomicInteger waits = new AtomicInteger();
    mesh =
        prepared(mesh())
            .testing()
            .sleeper(
                time -> {
                  waits.incrementAndGet();
                  throw new IllegalStateException(CANARY);
                })
            .open();
    defineOrders();
    State before = state();
    registry.next(REJECTED);

    assertFailed(
        ErrorCode.CALLER_CODE_FAILED,
        () -> toOrders().records(Order.range(0, 3)).commit(),
        "the sleeper between attempts",
        "Nothing was committed");
    assertNothingChanged(before);

    registry.next(REPLY_LOST);
    registry.resolving(false);
    assertThatThrownBy(() -> toOrders().records(Order.range(0, 3)).idempotencyKey("lost").commit())
        .isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
    assertThat(toOrders().records(Order.range(0, 3)).idempotencyKey("lost").commit().replayed())
        .isTrue();
    assertThat(orders()).hasSize(3);
    assertThat(waits).hasValue(2);
    assertWhole();
  }

  @Test
  void anExecutorThatThrowsDelaysNothing() {
    mesh.close();
    mesh =
        prepared(mesh())
            .executor(
                task -> {
                  throw new IllegalStateException(CANARY);
                })
            .open();
    defineOrders();

    assertThat(toOrders().records(Order.range(0, 5_000)).commit().rowsAccepted()).isEqualTo(5_000);
    assertThat(orders()).hasSize(5_000);
  }

  @Test
  void aCustomRuleThatThrowsIsNotEvaluated() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).require(custom("sound", 1)))
        .commit();

    assertThatThrownBy(
            () ->
                toOrders()
                    .records(Order.range(0, 3))
                    .customRule(
                        "sound",
                        1,
                        order -> {
                          throw new IllegalStateException(CANARY);
                        })
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("IllegalStateException")
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void anAmendmentFunctionThatThrowsChangesNothing() {
    MeshClient shop = defineOrders();
    State before = state();

    assertFailed(
        ErrorCode.CALLER_CODE_FAILED,
        () ->
            shop.amendContract(ORDERS)
                .change(
                    current -> {
                      throw new IllegalStateException(CANARY);
                    })
                .commit(),
        ORDERS,
        "change(..)");
    assertNothingChanged(before);
  }

  @Test
  void aFileInAZipIsRejectedByName() throws IOException {
    defineOrders();
    toOrders().records(Order.range(0, 3)).commit();
    Path file = copyOfDataFile("orders.parquet");
    URI zip = URI.create("jar:" + scratch.resolve("orders.zip").toUri());
    try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path zipped = Files.copy(file, inside.getPath("/orders.parquet"));

      assertThat(
              catchThrowableOfType(
                  InvalidRequestException.class, () -> toOrders().files(zipped).commit()))
          .isNotNull()
          .hasMessageContainingAll("orders.parquet", "Copy it to a folder")
          .satisfies(
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.SOURCE_UNREADABLE));
    }
  }
}
