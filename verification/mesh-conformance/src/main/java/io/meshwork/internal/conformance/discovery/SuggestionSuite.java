package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.operation.Plan;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.request.Suggestion;
import io.meshwork.request.SuggestionClient.Suggest;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.testkit.RecordingNotifier;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Consumers suggest improvements, owners answer, and a version delivers. */
public abstract class SuggestionSuite extends RolloutFixture {
  private final RecordingNotifier notices = new RecordingNotifier();

  /** Orders that only their own domain can read, and a second domain. */
  private void closedOrders() {
    reopen(builder -> builder.notifier("test", notices));
    shopWithRows().access().closeToMesh(ORDERS).commit();
    registerFinance();
    notified(Kind.DEFINED);
  }

  private static Principal analyst() {
    return Principal.of("finance", "analyst");
  }

  private Suggest suggest() {
    return mesh.clientAs(analyst()).suggestions().suggest(ORDERS).text("Add the currency");
  }

  private Suggest newColumn() {
    return suggest().kind(Suggestion.Kind.NEW_COLUMN).columns("currency");
  }

  private List<Notice> notified(Kind kind) {
    mesh.deliverNotices();
    List<Notice> sent = notices.once().stream().filter(each -> each.kind() == kind).toList();
    notices.clear();
    return sent;
  }

  private Suggestion sent() {
    return as("finance").suggestions().sent().get(0);
  }

  private static void assertFailed(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MeshException.class, failed -> assertThat(failed.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void whoCannotReadSuggestsAndTheRolloutThatTheOwnerNamesDelivers() {
    closedOrders();

    Suggestion suggestion = newColumn().commit();

    assertThat(suggestion.state()).isEqualTo(Suggestion.State.OPEN);
    assertThat(suggestion.columns()).containsExactly("currency");
    assertThat(shop().suggestions().received()).containsExactly(suggestion);
    assertThat(sent()).isEqualTo(suggestion);
    assertThat(notified(Kind.SUGGESTED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.to()).isEqualTo("shop@example.org"))
        .satisfies(notice -> assertThat(notice.toJson()).doesNotContain("Add the currency"));

    MajorRollout planned = rollOut(shop()).withoutHistory().commit();
    Suggestion accepted =
        shop()
            .suggestions()
            .accept(suggestion.id())
            .rollout(planned.number())
            .because("Agreed")
            .commit();

    assertThat(accepted.state()).isEqualTo(Suggestion.State.ACCEPTED);
    assertThat(accepted.rollout()).hasValue(1);
    assertThat(sent().rollout()).as("a rollout that only the owner sees").isEmpty();
    assertThat(sent().because()).contains("Agreed");
    assertThat(notified(Kind.SUGGESTION_ANSWERED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.facts()).containsEntry("state", "ACCEPTED"))
        .satisfies(notice -> assertThat(notice.facts()).doesNotContainKey("rollout"));

    planned.activate().commit();

    assertThat(sent().state()).isEqualTo(Suggestion.State.DELIVERED);
    assertThat(sent().deliveredIn()).contains(new ContractVersion(2, 0, 0));
    assertThat(sent().rollout()).hasValue(1);
    assertThat(notified(Kind.SUGGESTION_DELIVERED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.to()).isEqualTo("finance@example.org"))
        .satisfies(
            notice ->
                assertThat(notice.facts())
                    .containsEntry("suggestion", suggestion.id())
                    .containsEntry("contractVersion", "2.0.0"));
    assertFailed(
        ErrorCode.STATE_CONFLICT,
        () -> shop().suggestions().decline(suggestion.id()).because("Late").commit(),
        "DELIVERED in 2.0.0");
    assertFailed(
        ErrorCode.STATE_CONFLICT,
        () -> as("finance").suggestions().withdraw(suggestion.id()).commit(),
        "DELIVERED");
    assertThat(shop().suggestions().accept(suggestion.id()).rollout(1).commit().state())
        .as("the same answer again")
        .isEqualTo(Suggestion.State.DELIVERED);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aRolloutAcceptsTheSuggestionsThatItNamesAsItStarts() {
    closedOrders();
    String first = newColumn().commit().id();
    String second = suggest().commit().id();
    shop().suggestions().accept(second).because("Planned").commit();
    notified(Kind.SUGGESTION_ANSWERED);
    StartRollout start = rollOut(shop()).withoutHistory().suggestions(first, second);
    assertThat(start.plan().steps())
        .filteredOn(step -> step.verb().equals("accept"))
        .extracting(Plan.Step::subject)
        .containsExactly("suggestion " + first, "suggestion " + second);
    registry.next(Fault.REPLY_LOST);

    MajorRollout planned = start.commit();

    assertThat(shop().suggestions().received())
        .extracting(Suggestion::state, Suggestion::rollout, Suggestion::because)
        .containsOnly(
            tuple(
                Suggestion.State.ACCEPTED,
                OptionalInt.of(planned.number()),
                Optional.of(planned.because())));
    assertThat(shop().events(ORDERS).list())
        .last()
        .extracting(
            event ->
                ((EventDetails.RolloutChange) EventDetailsCodec.detailsOf(event)).suggestions())
        .isEqualTo(List.of(first, second));
    assertThat(notified(Kind.SUGGESTION_ANSWERED))
        .hasSize(2)
        .allSatisfy(notice -> assertThat(notice.to()).isEqualTo("finance@example.org"))
        .allSatisfy(notice -> assertThat(notice.facts()).containsEntry("state", "ACCEPTED"))
        .allSatisfy(notice -> assertThat(notice.toJson()).doesNotContain("rollout"));
    assertThat(as("finance").suggestions().sent())
        .as("a rollout that only the owner sees")
        .allSatisfy(each -> assertThat(each.rollout()).isEmpty());

    planned.activate().commit();

    assertThat(as("finance").suggestions().sent())
        .extracting(Suggestion::state)
        .containsOnly(Suggestion.State.DELIVERED);
    assertThat(notified(Kind.SUGGESTION_DELIVERED)).hasSize(2);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aRolloutThatNamesAnInvalidSuggestionDoesNotStart() {
    closedOrders();
    String open = newColumn().commit().id();
    String settled = suggest().commit().id();
    shop().suggestions().decline(settled).because("No").commit();
    shop().defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    String second =
        as("finance").suggestions().suggest("commerce/returns").text("More").commit().id();

    assertFailed(
        ErrorCode.STATE_CONFLICT,
        () -> rollOut(shop()).suggestions(open, settled).commit(),
        "DECLINED");
    assertFailed(
        ErrorCode.INVALID_ARGUMENT,
        () -> rollOut(shop()).suggestions(second).plan(),
        "is about commerce/returns");
    assertFailed(
        ErrorCode.NOT_FOUND,
        () -> rollOut(shop()).suggestions(open.replace(open.charAt(0), 'f')).commit(),
        "no such suggestion");
    assertFailed(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            rollOut(shop())
                .suggestions(IntStream.range(0, 11).mapToObj(i -> "s" + i).toArray(String[]::new)),
        "11 suggestions");
    shop().registerDomain("commerce").deciders(Principal.of("commerce", "lead")).commit();
    assertFailed(
        ErrorCode.ACCESS_DENIED, () -> rollOut(shop()).suggestions(open).commit(), "decider");

    assertThat(shop().rollouts()).isEmpty();
    assertThat(sent().state()).isEqualTo(Suggestion.State.OPEN);
  }

  @Test
  void aPublishedVersionDeliversAtOnceAndOneThatConsumersDoNotSeeDoesNot() {
    closedOrders();
    String id = newColumn().commit().id();
    assertThat(shop().suggestions().accept(id).because("Planned").commit().state())
        .isEqualTo(Suggestion.State.ACCEPTED);
    rollOut(shop()).commit();
    for (ContractVersion unread :
        List.of(new ContractVersion(2, 0, 0), new ContractVersion(1, 1, 0))) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () -> shop().suggestions().accept(id).version(unread).commit(),
          "rollout");
    }
    shop().rollout(ORDERS).abort().because("Amended instead").commit();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().suggestions().accept(id).rollout(1).commit(),
        "aborted");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().suggestions().accept(id).rollout(7).commit(),
        "no rollout 7");
    notified(Kind.SUGGESTION_ANSWERED);

    Suggestion delivered = shop().suggestions().accept(id).version(ContractVersion.FIRST).commit();

    assertThat(delivered.state()).isEqualTo(Suggestion.State.DELIVERED);
    assertThat(delivered.deliveredIn()).contains(ContractVersion.FIRST);
    assertThat(delivered.because()).as("of the earlier answer").contains("Planned");
    assertThat(notified(Kind.SUGGESTION_DELIVERED)).hasSize(1);
    assertThat(shop().events(ORDERS).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.SUGGESTION_ANSWERED)
        .extracting(EventDetailsCodec::detailsOf)
        .containsExactly(
            new EventDetails.SuggestionAnswer(
                id,
                "finance",
                "finance/analyst",
                Suggestion.State.ACCEPTED,
                Optional.of("Planned"),
                OptionalInt.empty(),
                Optional.empty()),
            new EventDetails.SuggestionAnswer(
                id,
                "finance",
                "finance/analyst",
                Suggestion.State.DELIVERED,
                Optional.of("Planned"),
                OptionalInt.empty(),
                Optional.of(ContractVersion.FIRST)));
  }

  @Test
  void anAbortedRolloutLeavesTheSuggestionAcceptedAndNotifiesTheRequester() {
    closedOrders();
    String id = newColumn().commit().id();
    MajorRollout rollout = rollOut(shop()).commit();
    shop().suggestions().accept(id).rollout(1).commit();
    rollout.announce().commit();
    assertThat(sent().rollout()).hasValue(1);
    notified(Kind.SUGGESTION_ANSWERED);

    shop().rollout(ORDERS).abort().because("Wrong unit").commit();

    assertThat(sent().state()).isEqualTo(Suggestion.State.ACCEPTED);
    assertThat(sent().rollout()).isEmpty();
    assertThat(notified(Kind.SUGGESTION_ANSWERED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.subject()).contains("was aborted"));
    assertThat(shop().suggestions().decline(id).because("Too large").commit().state())
        .isEqualTo(Suggestion.State.DECLINED);
    assertThat(sent().because()).contains("Too large");
  }

  @Test
  void onlyTheOwnerAndTheRequesterKnowASuggestion() {
    closedOrders();
    String id = newColumn().commit().id();
    MeshClient sales = as("sales");
    sales.registerDomain("sales").owner("sales@example.org").commit();
    shop().registerDomain("commerce").deciders(Principal.of("commerce", "lead")).commit();

    assertThat(sales.suggestions().sent()).isEmpty();
    assertThat(sales.suggestions().received()).isEmpty();
    for (String unknown : List.of(id, id.replace(id.charAt(0), 'f'))) {
      assertThatThrownBy(() -> sales.suggestions().withdraw(unknown).commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("there is no such suggestion that its domain sent");
      assertThatThrownBy(() -> sales.suggestions().accept(unknown).commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("there is no such suggestion that its domain received");
    }
    assertFailed(
        ErrorCode.NOT_OWNER, () -> as("finance").suggestions().accept(id).commit(), "commerce");
    assertThatThrownBy(() -> shop().suggestions().accept(id).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("decider");
    assertThat(mesh.clientAs(Principal.of("commerce", "lead")).suggestions().accept(id).commit())
        .extracting(Suggestion::answeredBy)
        .isEqualTo(Optional.of(Principal.of("commerce", "lead")));
  }

  @Test
  void aWithdrawnSuggestionCannotBeAnswered() {
    closedOrders();
    String id = newColumn().commit().id();
    shop().suggestions().accept(id).commit();

    assertThat(as("finance").suggestions().withdraw(id).commit().state())
        .as("by another role")
        .isEqualTo(Suggestion.State.WITHDRAWN);

    assertThat(as("finance").suggestions().withdraw(id).commit().state())
        .isEqualTo(Suggestion.State.WITHDRAWN);
    assertThatThrownBy(() -> shop().suggestions().decline(id).because("No").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("WITHDRAWN");
  }

  @Test
  void anInvalidSuggestionIsRejectedAndTheTwentyFirstToo() {
    closedOrders();
    Suggest invalid = suggest();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> invalid.columns("custmer").commit(), "'customer'?");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> newColumn().columns("Customer").commit(),
        "has the column 'Customer' already");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> newColumn().columns("a b").commit(), "letters");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("finance").suggestions().suggest(ORDERS).commit(),
        "text(..)",
        "Nothing was suggested");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().suggestions().suggest(ORDERS).text("Ours").commit(),
        "owns the product");
    assertRefused(
        ErrorCode.DOMAIN_MISSING,
        () -> as("guest").suggestions().suggest(ORDERS).text("Hello").commit(),
        "no domain");
    assertFailed(
        ErrorCode.NOT_FOUND,
        () -> as("finance").suggestions().suggest("commerce/none").text("It").commit(),
        "commerce/none");
    Suggestion first = suggest().columns("CUSTOMER").commit();
    assertThat(first.columns()).containsExactly("customer");
    assertThat(suggest().columns("customer").commit()).as("the same again").isEqualTo(first);
    for (int i = 1; i < 20; i++) {
      as("finance").suggestions().suggest(ORDERS).text("Wish " + i).commit();
    }
    assertRefused(ErrorCode.LIMIT_EXCEEDED, () -> newColumn().commit(), "20 open suggestions");
    shop().suggestions().decline(first.id()).because("No").commit();
    assertThat(newColumn().commit().state()).isEqualTo(Suggestion.State.OPEN);
    assertThatThrownBy(() -> as("finance").suggestions().accept(" "))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aLostReplySendsOneSuggestionAndOneAnswer() {
    closedOrders();
    registry.next(Fault.REPLY_LOST);
    String id = newColumn().commit().id();
    registry.next(Fault.REPLY_LOST);
    shop().suggestions().accept(id).because("Planned").commit();

    assertThat(shop().suggestions().received())
        .singleElement()
        .extracting(Suggestion::state)
        .isEqualTo(Suggestion.State.ACCEPTED);
    assertThat(shop().events(ORDERS).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.SUGGESTION_ANSWERED)
        .hasSize(1);
  }
}
