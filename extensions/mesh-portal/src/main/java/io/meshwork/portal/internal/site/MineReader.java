package io.meshwork.portal.internal.site;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Subscription;
import io.meshwork.discovery.ContractHistory;
import io.meshwork.error.BackendException;
import io.meshwork.portal.internal.page.MinePage;
import io.meshwork.portal.internal.page.MinePage.NewsRow;
import io.meshwork.portal.internal.page.MinePage.SubscriptionRow;
import io.meshwork.portal.internal.page.MinePage.TaskRow;
import io.meshwork.portal.internal.page.PageFrame;
import io.meshwork.portal.internal.page.ProductRow;
import io.meshwork.portal.internal.page.RequestsPage;
import io.meshwork.portal.internal.page.SuggestionRow;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.TermText;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.Suggestion;
import io.meshwork.rollout.StewardRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Creates the page of what concerns the viewer. */
final class MineReader {
  private static final Duration NEW = Duration.ofDays(30);

  private final SiteReader site;
  private final OwnDomain own;
  private final TreeMap<String, ProductName> used = new TreeMap<>();

  MineReader(SiteReader site) {
    this.site = site;
    this.own = site.own();
    Stream.concat(
            own.subscriptions().stream().map(Subscription.Summary::product),
            site.uses().by(ownDomain()).stream().map(ProductConsumer::product))
        .filter(site::isKnown)
        .forEach(product -> used.put(product.toString(), product));
  }

  /** The domain that the viewer acts for, as its subscriptions and requests name it. */
  private String ownDomain() {
    return Stream.concat(
            own.subscriptions().stream().map(Subscription.Summary::domain),
            own.requestsSent().stream().map(AccessRequest::domain))
        .findFirst()
        .orElse(site.client().principal().account());
  }

  MinePage page() {
    boolean steward =
        site.reached(
            () -> site.client().governance().stewards().contains(site.client().principal()), false);
    return new MinePage(
        site.frame("For you", PageFrame.Section.MINE, "mine.html"),
        own.exists(),
        steward,
        tasks(),
        steward ? approvals() : List.of(),
        own.subscriptions().stream()
            .filter(subscription -> site.isKnown(subscription.product()))
            .map(this::row)
            .toList(),
        site.rows().stream()
            .filter(row -> row.status().needsAttention())
            .filter(this::isOwn)
            .toList(),
        site.rows().stream()
            .filter(row -> used.containsKey(row.product().toString()))
            .filter(row -> row.status().isTrouble())
            .toList(),
        site.waiting(),
        news());
  }

  private boolean isOwn(ProductRow row) {
    return site.find(row.product().toString())
        .flatMap(product -> site.card(product).health())
        .filter(Health::isForOwner)
        .isPresent();
  }

  private List<TaskRow> tasks() {
    List<TaskRow> tasks = new ArrayList<>();
    for (AccessRequest request : own.requestsReceived()) {
      if (request.state() == AccessRequest.State.WAITING) {
        tasks.add(
            new TaskRow(
                ProductAddress.of(request.product()),
                "Decide on a request for access: " + request.purpose(),
                request.requester().toString(),
                "since " + PageTime.day(request.askedAt()).text(),
                RequestsPage.decide(request)));
      }
    }
    for (AccessRequest request : own.requestsSent()) {
      if (request.state() == AccessRequest.State.ASKED_BACK) {
        tasks.add(
            new TaskRow(
                ProductAddress.of(request.product()),
                "Answer the question about your request: " + request.question().orElse(""),
                "its owner",
                "until " + PageTime.day(request.expiresAt()).text(),
                "mesh respond " + RequestsPage.revision(request) + " \"ANSWER\""));
      }
    }
    for (Suggestion suggestion : own.suggestionsReceived()) {
      if (suggestion.state() == Suggestion.State.OPEN) {
        tasks.add(
            new TaskRow(
                ProductAddress.of(suggestion.product()),
                "Answer a suggestion: " + suggestion.text(),
                suggestion.requester().toString(),
                "since " + PageTime.day(suggestion.suggestedAt()).text(),
                SuggestionRow.accept(suggestion)));
      }
    }
    own.toDo().forEach(track -> tasks.add(track.task()));
    return tasks;
  }

  private List<TaskRow> approvals() {
    List<TaskRow> approvals = new ArrayList<>();
    for (ProductName product : site.products()) {
      for (StewardRequest request :
          site.reached(
              () -> site.client().governance().pending(product), List.<StewardRequest>of())) {
        approvals.add(
            new TaskRow(
                ProductAddress.of(product),
                switch (request.kind()) {
                      case FORCE -> "Retire a version that consumers still need";
                      case DORMANT -> "Go on without a consumer that is silent";
                      case SUSPENSION -> "Stop reads for longer than 72 hours";
                    }
                    + ": "
                    + request.because(),
                request.requestedBy().toString(),
                request
                    .until()
                    .map(until -> "until " + PageTime.of(until).text())
                    .orElse("since " + PageTime.day(request.requestedAt()).text()),
                "mesh rollout approve " + product + " " + request.id()));
      }
    }
    return approvals;
  }

  private SubscriptionRow row(Subscription.Summary subscription) {
    return new SubscriptionRow(
        subscription.name(),
        ProductAddress.of(subscription.product()),
        site.status(subscription.product()),
        "version "
            + subscription.major()
            + subscription.rolloutDate().map(date -> ", until " + date).orElse(""),
        subscription.purpose(),
        subscription.columns().isEmpty() ? "all" : String.join(", ", subscription.columns()),
        subscription.lastUsed().map(at -> PageTime.day(at).text()).orElse("never"));
  }

  private List<NewsRow> news() {
    List<NewsRow> news = new ArrayList<>();
    for (ProductName product : used.values()) {
      ProductCard card = site.card(product);
      Stream<String> sentences =
          Stream.of(
                  card
                      .end()
                      .map(end -> "It ends after " + end.retireAfter() + ": " + end.because())
                      .stream(),
                  card.replacements().stream()
                      .map(
                          each ->
                              TermText.of(each)
                                  + each.until().map(day -> " after " + day).orElse("")
                                  + ": "
                                  + each.because()),
                  card.amendments().stream()
                      .map(each -> "Terms change: " + TermText.of(each) + "."),
                  changed(product)
                      .filter(at -> at.isAfter(site.now().minus(NEW)))
                      .map(at -> "Its contract changed on " + PageTime.day(at).text() + ".")
                      .stream())
              .flatMap(sentence -> sentence);
      sentences.forEach(text -> news.add(new NewsRow(ProductAddress.of(product), text)));
    }
    return news;
  }

  /** When the contract changed last; empty if it did not, or a former contract is damaged. */
  private Optional<Instant> changed(ProductName product) {
    try {
      return site.client().contractHistory(product).versions().stream()
          .filter(version -> version.difference().isPresent())
          .findFirst()
          .flatMap(ContractHistory.Version::at);
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
