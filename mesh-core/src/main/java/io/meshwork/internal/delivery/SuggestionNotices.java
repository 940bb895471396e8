package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetails.ContractVersionChange;
import io.meshwork.internal.event.EventDetails.RolloutChange;
import io.meshwork.internal.event.EventDetails.SuggestedImprovement;
import io.meshwork.internal.event.EventDetails.SuggestionAnswer;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.suggestions.SuggestionOperations;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.ContractVersion;
import io.meshwork.request.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The notices of an event about suggestions: to the product's owner, and to the owner of the
 * requester's domain. They name suggestions, but contain no text that people wrote. Not
 * thread-safe.
 */
final class SuggestionNotices {
  private static final String SENT = "See suggestions().sent().";

  private final ClientSession session;
  private final MeshEvent event;
  private final EventDetails details;
  private final ProductEntry product;
  private final RecipientDomains domains;
  private final List<Notice> notices = new ArrayList<>();

  SuggestionNotices(
      ClientSession session,
      MeshEvent event,
      EventDetails details,
      ProductEntry product,
      RecipientDomains domains) {
    this.domains = domains;
    this.session = session;
    this.event = event;
    this.details = details;
    this.product = product;
  }

  /** Returns the notices in the order of delivery. */
  List<Notice> all() {
    if (details instanceof SuggestedImprovement improvement) {
      Map<String, String> facts = facts(improvement.suggestion(), improvement.domain());
      facts.put("kind", improvement.kind().name());
      add(
          "suggested",
          Kind.SUGGESTED,
          product.name().domain(),
          session
              .catalog()
              .ownerOf(product, MeshAction.of(Verb.NOTIFY, "the owner of " + product.name())),
          event.principal() + " suggests an improvement, " + improvement.kind(),
          "See suggestions().received(), and accept or decline it.",
          facts);
    } else if (details instanceof SuggestionAnswer answer) {
      addAnswer(answer);
    } else if (details instanceof RolloutChange change) {
      switch (event.type()) {
        case ROLLOUT_PLANNED -> addAccepted(change);
        case ROLLOUT_ABORTED -> addAborted(change.rollout());
        default -> addDelivered(change.rollout());
      }
    } else if (details instanceof ContractVersionChange amendment) {
      amendment.rollout().ifPresent(this::addDelivered);
    }
    return List.copyOf(notices);
  }

  private void addAnswer(SuggestionAnswer answer) {
    Map<String, String> facts = facts(answer.suggestion(), answer.domain());
    facts.put("state", answer.state().name());
    String suggestion = "the suggestion of " + answer.requester();
    if (answer.contractVersion().isPresent()) {
      toRequester(
          "suggestion-delivered",
          Kind.SUGGESTION_DELIVERED,
          delivered(suggestion, answer.contractVersion().get(), facts),
          facts);
    } else {
      boolean accepted = answer.state() != Suggestion.State.DECLINED;
      toRequester(
          "suggestion-answered",
          Kind.SUGGESTION_ANSWERED,
          suggestion + (accepted ? " was accepted" : " was declined"),
          facts);
    }
  }

  /** One that was answered again since has the notice of that answer. */
  private void addAccepted(RolloutChange change) {
    for (Suggestion suggestion : named(change.rollout())) {
      if (change.suggestions().contains(suggestion.id())) {
        Map<String, String> facts = facts(suggestion.id(), suggestion.domain());
        facts.put("state", Suggestion.State.ACCEPTED.name());
        toRequester(
            "suggestion-answered." + suggestion.id(),
            Kind.SUGGESTION_ANSWERED,
            "the suggestion of " + suggestion.requester() + " was accepted",
            facts);
      }
    }
  }

  private static String delivered(
      String suggestion, ContractVersion version, Map<String, String> facts) {
    facts.put("contractVersion", version.toString());
    return suggestion + " was delivered in " + version;
  }

  private void addDelivered(int rollout) {
    for (Suggestion suggestion : named(rollout)) {
      suggestion
          .deliveredIn()
          .ifPresent(
              version -> {
                Map<String, String> facts = facts(suggestion);
                toRequester(
                    "suggestion-delivered." + suggestion.id(),
                    Kind.SUGGESTION_DELIVERED,
                    delivered("the suggestion of " + suggestion.requester(), version, facts),
                    facts);
              });
    }
  }

  /** The requester knows only of a rollout that was announced or opened. */
  private void addAborted(int rollout) {
    boolean announced =
        session
            .ledger()
            .read(RegistryKeys.rollout(product.name(), rollout))
            .filter(stored -> stored.json().has("announcedAt") || stored.json().has("openedAt"))
            .isPresent();
    if (announced) {
      for (Suggestion suggestion : named(rollout)) {
        toRequester(
            "suggestion-aborted." + suggestion.id(),
            Kind.SUGGESTION_ANSWERED,
            "the rollout that should have delivered the suggestion of "
                + suggestion.requester()
                + " was aborted",
            facts(suggestion));
      }
    }
  }

  private List<Suggestion> named(int rollout) {
    return SuggestionOperations.deliveredBy(
        session.ledger(), session.catalog(), product.name(), rollout);
  }

  private static Map<String, String> facts(Suggestion suggestion) {
    Map<String, String> facts = facts(suggestion.id(), suggestion.domain());
    facts.put("state", suggestion.state().name());
    return facts;
  }

  private static Map<String, String> facts(String suggestion, String domain) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("suggestion", suggestion);
    facts.put("domain", domain);
    return facts;
  }

  private void toRequester(String effect, Kind kind, String what, Map<String, String> facts) {
    session
        .catalog()
        .findDomain(facts.getOrDefault("domain", ""))
        .ifPresent(
            entry ->
                add(
                    effect,
                    kind,
                    entry.domain().name(),
                    entry.domain().owner(),
                    what,
                    SENT,
                    facts));
  }

  private void add(
      String effect,
      Kind kind,
      String domain,
      String to,
      String what,
      String next,
      Map<String, String> facts) {
    String subject = product.name() + ": " + what;
    notices.add(
        new ProductNotice(
            event.id() + "/" + effect,
            kind,
            product.name(),
            to,
            domains.of(domain),
            subject,
            subject + " (" + event.at() + "). " + next,
            event.at(),
            event.id(),
            facts));
  }
}
