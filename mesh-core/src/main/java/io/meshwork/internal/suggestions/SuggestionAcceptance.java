package io.meshwork.internal.suggestions;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion;
import io.meshwork.request.SuggestionClient;
import io.meshwork.rollout.Rollout;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Accepts a suggestion, and names what delivers it. */
final class SuggestionAcceptance implements SuggestionClient.Accept {
  private final ClientSession session;
  private final String id;
  private final SuggestionReply reply;
  private @Nullable String because;
  private OptionalInt rollout = OptionalInt.empty();
  private @Nullable ContractVersion version;

  SuggestionAcceptance(ClientSession session, String id) {
    this.session = session;
    this.id = id;
    this.reply = new SuggestionReply(session, id);
  }

  @Override
  public SuggestionAcceptance because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  public SuggestionAcceptance rollout(int number) {
    if (number < 1) {
      throw ArgumentChecks.refused(
          "rollout", "is " + number, "Use the number of a rollout, from 1.");
    }
    rollout = OptionalInt.of(number);
    return this;
  }

  @Override
  public SuggestionAcceptance version(ContractVersion contract) {
    version = ArgumentChecks.required("version", contract);
    return this;
  }

  @Override
  public Suggestion commit() {
    if (rollout.isPresent() && version != null) {
      throw rejected(
          "both rollout(..) and version(..) are set",
          "Name the version once consumers can read it, and the rollout before.");
    }
    return reply.commit(this::acceptance);
  }

  private AnswerEntry acceptance(AnsweredSuggestion suggestion, Ledger.Attempt attempt) {
    ProductName product = suggestion.entry().product();
    Optional<AnswerEntry> last = suggestion.lastAnswer().filter(AnswerEntry::accepted);
    OptionalInt number =
        rollout.isPresent() || version != null
            ? rollout
            : last.map(AnswerEntry::rollout).orElse(OptionalInt.empty());
    Optional<ContractVersion> delivered = Optional.ofNullable(version);
    if (version != null) {
      requireReadable(product, version);
    } else if (rollout.isPresent()) {
      delivered = openedBy(product, rollout.getAsInt());
    } else {
      delivered = last.flatMap(AnswerEntry::contractVersion);
    }
    return new AnswerEntry(
        id,
        true,
        session.principal(),
        Optional.ofNullable(because).or(() -> last.flatMap(AnswerEntry::because)),
        number,
        delivered,
        attempt.clock());
  }

  private void requireReadable(ProductName product, ContractVersion named) {
    if (!session.catalog().contracts(product, named.major()).containsKey(named)) {
      throw rejected(
          product + " has no contract version " + named,
          "Name the version after it is published, or its rollout with rollout(..).");
    }
    if (session.catalog().majorState(product, named.major()).filter(MajorState::isLive).isEmpty()) {
      throw rejected(
          "consumers cannot read major version " + named.major() + " of " + product,
          "Name one that they can read, or the rollout of a new one with rollout(..).");
    }
  }

  /** Returns the version that a rollout made readable; empty if it waits for that. */
  private Optional<ContractVersion> openedBy(ProductName product, int number) {
    VersionedDocument stored =
        session
            .ledger()
            .read(RegistryKeys.rollout(product, number))
            .orElseThrow(
                () ->
                    rejected(
                        product + " has no rollout " + number, "Take a number from rollouts()."));
    RolloutEntry named = RolloutEntry.of(stored);
    if (named.state() == Rollout.State.ABORTED || named.endsProduct()) {
      throw rejected(
          "rollout "
              + number
              + " of "
              + product
              + (named.endsProduct() ? " ends the product" : " was aborted"),
          "Name a rollout of a new major version, or of an amendment.");
    }
    return AnsweredSuggestion.openedVersion(stored);
  }

  private InvalidRequestException rejected(String reason, String fix) {
    return Failure.of(reply.action())
        .because(reason)
        .state("Nothing was answered.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
