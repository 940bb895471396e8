package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.Session;
import io.meshwork.registry.Transaction;
import io.meshwork.sharing.AccessPlan.Shift;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Plans and commits one change of rights: documents, the {@code policy} of the domain that writes
 * them, and the log entry, in one transaction. It is proposed anew for each attempt.
 */
final class RightsChange<R> {
  /** Bytes that an entry of a log takes besides what a change says of itself, at most. */
  private static final int ENTRY_BYTES = 4 * 1024;

  private final Session session;
  private final String doing;
  private final OneCommit once;

  RightsChange(Session session, String doing) {
    this.session = session;
    this.doing = doing;
    this.once = new OneCommit(doing);
  }

  AccessPlan<R> plan(Function<Instant, Proposal<R>> how, Function<String, R> commit) {
    session.checkOpen(doing);
    return plan(how.apply(session.runtime().clock().instant()), commit);
  }

  private AccessPlan<R> plan(Proposal<R> proposal, Function<String, R> commit) {
    List<Shift> gains = new ArrayList<>();
    List<Shift> losses = new ArrayList<>();
    Instant now = session.runtime().clock().instant();
    for (Proposal.Change change : proposal.worlds()) {
      Shifts shifts = Shifts.between(change.before(), change.after(), now);
      gains.addAll(shifts.gains());
      losses.addAll(shifts.losses());
    }
    return new AccessPlan<>(
        proposal.headline(), proposal.steps(), proposal.findings(), gains, losses, commit);
  }

  /**
   * Does it.
   *
   * @param partition whose log tells of it
   * @param fingerprint of the plan that was looked at; null if none was
   */
  R commit(String partition, Function<Instant, Proposal<R>> how, @Nullable String fingerprint) {
    session.checkOpen(doing);
    once.begin();
    try {
      return session
          .ledger()
          .commit(
              new Ledger.Change<R>() {
                @Override
                public String doing() {
                  return doing;
                }

                @Override
                public String partition() {
                  return partition;
                }

                @Override
                public Draft<R> draft(Ledger.Attempt attempt) {
                  Proposal<R> proposal = how.apply(attempt.now());
                  requireSame(proposal, fingerprint);
                  return drafted(proposal);
                }
              },
              session.deadline());
    } finally {
      once.end();
    }
  }

  private void requireSame(Proposal<R> proposal, @Nullable String fingerprint) {
    if (fingerprint != null
        && !plan(proposal, unused -> proposal.result()).fingerprint().equals(fingerprint)) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + doing
              + " as planned: this is not the fingerprint of what it would mean now. Grants, tags or"
              + " products changed meanwhile, or there was never such a plan. Nothing was changed."
              + " Look at the plan again.");
    }
  }

  private Draft<R> drafted(Proposal<R> proposal) {
    if (proposal.writes().isEmpty()) {
      return Draft.settled(proposal.result());
    }
    checkSizes(proposal);
    Draft<R> draft = Draft.of(proposal.event(), session.principal(), proposal.subject());
    proposal.checks().forEach(draft::check);
    for (Proposal.Write write : proposal.writes()) {
      if (write.after().isEmpty()) {
        write.before().ifPresent(draft::delete);
      } else if (write.before().isPresent()) {
        draft.replace(write.before().get(), write.after().get());
      } else {
        draft.insert(write.key(), write.after().get());
      }
    }
    if (proposal.policy().isPresent()) {
      Stored policy = proposal.policy().get();
      ObjectNode next = policy.json().deepCopy();
      draft.replace(policy, next.put("revision", next.path("revision").asLong() + 1));
    } else {
      draft.insert(proposal.policyKey(), Documents.create().put("revision", 1));
    }
    proposal.details().properties().forEach(each -> draft.detail(each.getKey(), each.getValue()));
    return draft.result(proposal.result());
  }

  private void checkSizes(Proposal<R> proposal) {
    Set<String> partitions = new LinkedHashSet<>();
    partitions.add(proposal.policyKey().partition());
    for (Proposal.Write write : proposal.writes()) {
      partitions.add(write.key().partition());
      write
          .after()
          .ifPresent(
              json -> {
                int bytes = bytes(json);
                if (bytes > Transaction.MAX_DOCUMENT_BYTES) {
                  throw tooMuch(
                      "the document '"
                          + write.key()
                          + "' would have "
                          + bytes
                          + " bytes and the limit is "
                          + Transaction.MAX_DOCUMENT_BYTES);
                }
              });
    }
    int logged = bytes(proposal.details());
    if (logged > Transaction.MAX_DOCUMENT_BYTES - ENTRY_BYTES) {
      throw tooMuch(
          "the entry of the log would have more than "
              + logged
              + " bytes and the limit is "
              + Transaction.MAX_DOCUMENT_BYTES);
    }
    // Each partition that is written has a head and an entry of its log, and the attempt its row.
    int actions = proposal.writes().size() + proposal.checks().size() + 2 * partitions.size() + 2;
    if (actions > Transaction.MAX_ACTIONS) {
      throw tooMuch(
          "it takes "
              + actions
              + " actions in one transaction and the limit is "
              + Transaction.MAX_ACTIONS);
    }
  }

  private static int bytes(ObjectNode json) {
    return Documents.write(json).getBytes(StandardCharsets.UTF_8).length;
  }

  private InvalidRequestException tooMuch(String why) {
    return new InvalidRequestException(
        ErrorCode.LIMIT_EXCEEDED,
        "Cannot " + doing + ": " + why + ". Nothing was changed. Do it in parts.");
  }
}
