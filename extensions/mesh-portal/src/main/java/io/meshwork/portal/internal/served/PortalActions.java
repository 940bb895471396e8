package io.meshwork.portal.internal.served;

import io.meshwork.MeshClient;
import io.meshwork.error.MeshException;
import io.meshwork.operation.Operation;
import io.meshwork.portal.internal.page.ActionOutcome;
import io.meshwork.portal.internal.page.PageForms;
import io.meshwork.portal.internal.page.RequestsPage;
import io.meshwork.portal.internal.site.OwnDomain;
import io.meshwork.portal.internal.text.AnswerText;
import io.meshwork.portal.internal.text.ConstantText;
import io.meshwork.portal.internal.text.TrackConsumer;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient;
import io.meshwork.rollout.Rollout.Track;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the viewer does by forms: decide requests for access, and answer rollouts. Each form states
 * what its page showed, so that nothing is decided that the viewer did not see. Thread-safe.
 */
public final class PortalActions {
  private static final Logger LOG = LoggerFactory.getLogger(PortalActions.class);
  private static final String DECIDE = "decide";
  private static final String ANSWER = "answer";
  private static final String OUTCOME = "outcome=";
  private static final int KEPT = 64;

  private final MeshClient client;
  private final String token = PageSecrets.random();
  private final Map<String, ActionOutcome> outcomes = new LinkedHashMap<>();

  public PortalActions(MeshClient client) {
    this.client = client;
  }

  /** True if forms are sent to a path. */
  boolean has(String path) {
    return Set.of(DECIDE, ANSWER).contains(path);
  }

  /** True if this server created the page of a form. */
  boolean isOwn(SentForm form) {
    return PageSecrets.same(form.get("token"), token);
  }

  /** Returns the forms of a page that was asked for with a query. */
  PageForms forms(@Nullable String query) {
    String id = query != null && query.startsWith(OUTCOME) ? query.substring(OUTCOME.length()) : "";
    synchronized (outcomes) {
      return new PageForms(token, Optional.ofNullable(outcomes.get(id)));
    }
  }

  /** Does what a form says, as the viewer, and returns the address that shows the outcome. */
  String act(String path, SentForm form) {
    boolean decides = path.equals(DECIDE);
    ActionOutcome outcome = decides ? decide(form) : answer(form);
    String id = PageSecrets.random();
    synchronized (outcomes) {
      outcomes.put(id, outcome);
      if (outcomes.size() > KEPT) {
        outcomes.remove(outcomes.keySet().iterator().next());
      }
    }
    return (decides ? "/requests.html?" : "/rollouts.html?") + OUTCOME + id;
  }

  private ActionOutcome decide(SentForm form) {
    boolean denies = form.get("decision").equals("deny");
    String attempt = "The request was not " + (denies ? "denied" : "approved");
    String because = form.get("because");
    if (!denies && !form.get("decision").equals("approve")) {
      return ActionOutcome.failed("The request was not decided.", "Press one of its buttons.");
    } else if (denies && because.isEmpty()) {
      return ActionOutcome.failed(
          attempt + ": a denial needs a reason, which its sender reads.",
          "Enter one, and press Deny again.");
    }
    try {
      RequestClient requests = client.requests();
      Optional<AccessRequest> match =
          requests.received().stream()
              .filter(each -> form.get("request").startsWith(each.id() + "@"))
              .findFirst();
      if (match.isEmpty()) {
        return ActionOutcome.failed(
            attempt + ": your domain has no such request to decide.",
            "The page shows the requests of your domain.");
      }
      AccessRequest request = match.get();
      if (!RequestsPage.revision(request).equals(form.get("request"))
          || !ConstantText.of(request.risk()).equals(form.get("risk"))) {
        return ActionOutcome.failed(
            attempt + ": it was changed after the page was made.",
            "The page shows it as it is now. Review it, and decide then.");
      }
      return denies ? deny(request, because) : approve(request, because);
    } catch (MeshException e) {
      LOG.info("Cannot decide a request", e);
      return ActionOutcome.failed(attempt, client.principal(), e);
    }
  }

  private ActionOutcome deny(AccessRequest reviewed, String because) {
    AccessRequest denied = client.requests().deny(reviewed).because(because).commit();
    return ActionOutcome.done("Denied: " + denied.requester() + " on " + denied.product() + ".");
  }

  private ActionOutcome approve(AccessRequest reviewed, String because) {
    RequestClient.Approve approve = client.requests().approve(reviewed);
    if (!because.isEmpty()) {
      approve.because(because);
    }
    AccessRequest approved = approve.commit();
    int missing = approved.approvalsMissing();
    return ActionOutcome.done(
        missing > 0
            ? "Approved; " + missing + " more must approve."
            : "Approved: " + approved.requester() + " may read " + approved.product() + ".");
  }

  private ActionOutcome answer(SentForm form) {
    String attempt = "The rollout was not answered";
    try {
      Optional<? extends Track> match =
          OwnDomain.toDo(client).stream()
              .filter(each -> each.row().track().equals(form.get("track")))
              .map(OwnDomain.OwnTrack::track)
              .findFirst();
      if (match.isEmpty()) {
        return ActionOutcome.failed(
            attempt + ": it does not wait for your domain.", "The page shows what does.");
      }
      Track track = match.get();
      if (!OwnDomain.asked(track).toString().equals(form.get("reviewed"))) {
        return ActionOutcome.failed(
            attempt + ": the owner offered another date after the page was made.",
            "The page shows the new date. Answer that one.");
      }
      return answer(form, track, attempt);
    } catch (MeshException e) {
      LOG.info("Cannot answer a rollout", e);
      return ActionOutcome.failed(attempt, client.principal(), e);
    }
  }

  private static ActionOutcome answer(SentForm form, Track track, String attempt) {
    String because = form.get("because");
    String answer = form.get("answer");
    boolean explains = answer.equals("counter") || answer.equals("object");
    if (explains && because.isEmpty()) {
      return ActionOutcome.failed(
          attempt + ": a later date and an objection need a reason, which the owner reads.",
          "Enter one, and send it again.");
    }
    Optional<LocalDate> date = date(form.get("date"));
    if (answer.equals("counter") && date.isEmpty()) {
      return ActionOutcome.failed(
          attempt + ": it has no date.", "Enter the last day on which you need the old version.");
    }
    Optional<Operation<Track>> operation =
        switch (answer) {
          case "seen" -> Optional.of(track.seen());
          case "agree" -> Optional.of(track.agree());
          case "counter" -> date.map(day -> track.counter(day).because(because));
          case "object" -> Optional.of(track.object().because(because));
          default -> Optional.empty();
        };
    if (operation.isEmpty()) {
      return ActionOutcome.failed(attempt + ".", "Press one of its buttons.");
    }
    Track answered = operation.get().commit();
    return ActionOutcome.done(
        "Answered for "
            + TrackConsumer.text(answered.consumer())
            + ": "
            + AnswerText.of(answered.answer())
            + ". Its last day is "
            + answered.date()
            + ".");
  }

  private static Optional<LocalDate> date(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
