package io.meshwork.event;

import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What an event says beyond who, what and when; which kind it is follows from the event's type. */
public sealed interface EventDetails {
  /** The event says nothing more. */
  record Nothing() implements EventDetails {}

  /**
   * Of {@code mesh.placed}.
   *
   * @param id the mesh's id
   * @param root the location below which all files lie
   */
  record Place(String id, String root) implements EventDetails {}

  /**
   * Of {@code catalog.added} and {@code guest.admitted}.
   *
   * @param catalog the one that was added, or that is the home of the guest
   */
  record InCatalog(String catalog) implements EventDetails {}

  /**
   * Of {@code product.defined}.
   *
   * @param contract the version that came in force
   * @param fingerprint what tells the contract from any other
   */
  record Contract(ContractVersion contract, String fingerprint) implements EventDetails {}

  /**
   * Of {@code product.amended} and {@code product.amendment-proposed}.
   *
   * @param major the major whose contract it is
   * @param contract the version that came in force, or would come once another decider agrees
   * @param before the version in whose place it comes
   * @param fingerprint what tells the contract from any other
   * @param verdict what the change means: {@code patch}, {@code minor} or {@code amendment}
   * @param reasonCode the code of the change that decides the verdict
   * @param reason why, where a reason was given
   * @param proposedBy of a version that protects less and came in force, the decider that proposed
   *     it; the event's principal is the other one, that agreed
   */
  record Amended(
      int major,
      ContractVersion contract,
      ContractVersion before,
      String fingerprint,
      String verdict,
      String reasonCode,
      Optional<String> reason,
      Optional<String> proposedBy)
      implements EventDetails {}

  /**
   * Of {@code subscription.registered} and {@code subscription.amended}.
   *
   * @param domain the consuming domain
   * @param name the subscription's name in it
   * @param major the major version that is read
   */
  record Subscribed(String domain, String name, int major) implements EventDetails {}

  /**
   * Of {@code subscription.ended}.
   *
   * @param domain the consuming domain
   * @param name the subscription's name in it
   * @param major the major version that it read
   * @param state as {@code Subscription.State} names it, such as {@code DORMANT}
   * @param byOwner true if the product's owner ended it, false if its consumer did
   * @param reason why, where that was said
   */
  record SubscriptionEnded(
      String domain, String name, int major, String state, boolean byOwner, Optional<String> reason)
      implements EventDetails {}

  /**
   * Of {@code product.published}, {@code product.rolled-back}, {@code product.engine-commit}, and
   * {@code product.compacted} of a table of rows.
   *
   * @param publishId the id of the publish, which its receipt and its files carry
   * @param major the major version
   * @param contract what the rows were checked against
   * @param mode what was done with the rows that were there, such as {@code append}; empty if an
   *     engine changed the table without moving what readers see
   * @param rowsAccepted new rows
   * @param rowsQuarantined rows set aside
   * @param rowsRemoved rows that are no more
   * @param rowsRestored of a rollback the rows of the files that came back; else 0
   * @param files data files written
   * @param snapshot what readers see since then; empty if no row was changed
   * @param restoredSnapshot of a rollback the snapshot that came back
   * @param reason why, where a reason was given
   * @param scopeHash SHA-256 of the filter, or of what a rollback brought back; the filter itself
   *     may hold values of fields and is not in the log
   * @param derivedFrom what the rows were made from, as far as was said
   * @param completeUpTo all rows of an event time before this are there with it, where that was
   *     stated
   * @param quality how the new rows met the rules; empty where no rows were offered and no rule was
   *     judged
   * @param brokenRules of a rollback ids of rules of the contract in force that its rows break
   * @param violationsAllowed why these rows came back all the same, where they did
   */
  record RowsChanged(
      String publishId,
      int major,
      ContractVersion contract,
      Optional<String> mode,
      long rowsAccepted,
      long rowsQuarantined,
      long rowsRemoved,
      long rowsRestored,
      long files,
      Optional<NewSnapshot> snapshot,
      Optional<String> restoredSnapshot,
      Optional<String> reason,
      Optional<String> scopeHash,
      List<Input> derivedFrom,
      Optional<Instant> completeUpTo,
      Optional<Quality> quality,
      List<String> brokenRules,
      Optional<String> violationsAllowed)
      implements EventDetails {
    /** Copies the lists. */
    public RowsChanged {
      derivedFrom = List.copyOf(derivedFrom);
      brokenRules = List.copyOf(brokenRules);
    }
  }

  /**
   * How rows met the rules of their contract.
   *
   * @param score 100 times rules passed by rules evaluated; empty if none was
   * @param rowScore 100 times rows without any ERROR failure by rows offered; empty if there were
   *     none
   * @param rulesPassed how many rules held
   * @param rulesEvaluated how many rules were judged, or should have been
   */
  record Quality(
      OptionalDouble score, OptionalDouble rowScore, int rulesPassed, int rulesEvaluated) {}

  /**
   * A snapshot that an event made.
   *
   * @param id its id
   * @param sequence what came first in a major; not the event's sequence
   * @param rowsTotal rows in the whole table since then
   */
  record NewSnapshot(String id, long sequence, long rowsTotal) {}

  /**
   * What published rows were made from.
   *
   * @param product the input
   * @param contract the contract version of its snapshot
   * @param snapshotId its snapshot
   * @param columns pairs such as {@code total=amount}, own column first; empty if not said
   */
  record Input(
      ProductName product, ContractVersion contract, String snapshotId, List<String> columns) {
    /** Copies the columns. */
    public Input {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Of {@code tag.defined}.
   *
   * @param tag the tag's key
   * @param values all values that it may have
   */
  record TagDefined(String tag, List<String> values) implements EventDetails {
    /** Copies the values. */
    public TagDefined {
      values = List.copyOf(values);
    }
  }

  /**
   * Of {@code tags.changed}.
   *
   * @param set tags that were set, each with its value
   * @param removed keys of tags that were removed
   * @param columns the columns that carry them; none if it is the whole product or domain
   */
  record Tagged(Map<String, String> set, List<String> removed, List<String> columns)
      implements EventDetails {
    /** Copies the collections. */
    public Tagged {
      set = Map.copyOf(set);
      removed = List.copyOf(removed);
      columns = List.copyOf(columns);
    }
  }

  /**
   * Of {@code grant.made}, {@code grant.amended} and {@code grant.revoked}.
   *
   * @param grants the grants
   * @param reason why they were taken back, where that was said
   */
  record Granted(List<GrantFacts> grants, Optional<String> reason) implements EventDetails {
    /** Copies the grants. */
    public Granted {
      grants = List.copyOf(grants);
    }
  }

  /**
   * Of {@code rights.changed}.
   *
   * @param changes in the order in which they were made
   */
  record RightsChanged(List<RightsPart> changes) implements EventDetails {
    /** Copies the list. */
    public RightsChanged {
      changes = List.copyOf(changes);
    }
  }

  /**
   * One of several changes of rights.
   *
   * @param type the type of the event that it would have been by itself, such as {@code grant.made}
   * @param subject a product or a domain
   * @param details what that event would say
   */
  record RightsPart(String type, String subject, EventDetails details) {}

  /**
   * A grant as a log tells of it.
   *
   * @param id the same for the same grant, whatever its end and reason
   * @param on a product, all of a domain, or a choice by tags
   * @param to the grantee, as Lake Formation writes it
   * @param permissions what is allowed
   * @param grantOption true if the grantee may hand it on within its account
   * @param columns the columns; none if all are meant
   * @param exceptColumns the columns left out
   * @param rowsHash SHA-256 of the condition on rows, which may hold values and is not in the log
   * @param until the first instant at which it no longer holds
   * @param because why
   * @param authorizedBy the principal of the producer, or of the recipient who hands on
   * @param authorization by which somebody carried it out for the producer; empty if the producer,
   *     or a recipient, made it
   */
  record GrantFacts(
      String id,
      String on,
      String to,
      List<String> permissions,
      boolean grantOption,
      List<String> columns,
      List<String> exceptColumns,
      Optional<String> rowsHash,
      Optional<Instant> until,
      String because,
      String authorizedBy,
      Optional<String> authorization) {
    /** Copies the lists. */
    public GrantFacts {
      permissions = List.copyOf(permissions);
      columns = List.copyOf(columns);
      exceptColumns = List.copyOf(exceptColumns);
    }
  }

  /**
   * Of {@code authorization.given}, {@code authorization.amended} and {@code
   * authorization.withdrawn}.
   *
   * @param authorizations the authorizations
   * @param grants what was carried out by them and was taken back with them; none if it stays
   * @param reason why they were withdrawn, where that was said
   */
  record Authorized(
      List<AuthorizationFacts> authorizations, List<GrantFacts> grants, Optional<String> reason)
      implements EventDetails {
    /** Copies the lists. */
    public Authorized {
      authorizations = List.copyOf(authorizations);
      grants = List.copyOf(grants);
    }
  }

  /**
   * An authorization as a log tells of it.
   *
   * @param id the same for the same authorization, whatever its end and reason
   * @param on a product, all of a domain, or a choice by tags
   * @param executors who may carry grants out, as Lake Formation writes it
   * @param consumers to whom alone; none if to anybody
   * @param permissions what they may allow
   * @param grantOption true if they may let grantees hand it on
   * @param columns the columns; none if all are meant
   * @param exceptColumns the columns left out
   * @param rowsHash SHA-256 of the condition on rows, which may hold values and is not in the log
   * @param request the only request for which it may be used
   * @param delegating true if the executors may authorize others within it
   * @param under the authorization by which somebody else than the producer gave it
   * @param until the first instant at which neither it nor what is granted by it holds
   * @param because why
   * @param authorizedBy the principal of the producer that answers for it
   */
  record AuthorizationFacts(
      String id,
      String on,
      List<String> executors,
      List<String> consumers,
      List<String> permissions,
      boolean grantOption,
      List<String> columns,
      List<String> exceptColumns,
      Optional<String> rowsHash,
      Optional<String> request,
      boolean delegating,
      Optional<String> under,
      Optional<Instant> until,
      String because,
      String authorizedBy) {
    /** Copies the lists. */
    public AuthorizationFacts {
      executors = List.copyOf(executors);
      consumers = List.copyOf(consumers);
      permissions = List.copyOf(permissions);
      columns = List.copyOf(columns);
      exceptColumns = List.copyOf(exceptColumns);
    }
  }

  /**
   * Of {@code link.made}, {@code link.moved} and {@code link.removed}.
   *
   * @param link the link's name in its domain's catalog
   * @param target what it stands for, as {@code domain/product} or {@code domain}
   * @param major the major version; empty for a whole domain
   * @param following true if it stands for the current major, whichever that is
   * @param previousTarget what it stood for, where it was moved
   * @param previousMajor the major version that it stood for, where it was moved
   */
  record Linked(
      String link,
      String target,
      Optional<Integer> major,
      boolean following,
      Optional<String> previousTarget,
      Optional<Integer> previousMajor)
      implements EventDetails {}

  /**
   * Of {@code access.requested} and {@code access.amended}.
   *
   * @param request the request's id
   * @param domain the consuming domain
   * @param revision from 1; one more with each amendment
   * @param columns the columns asked for; none if it is the whole product
   * @param rowsHash SHA-256 of the condition on rows, which may hold values and is not in the log
   * @param until the first instant at which it is no longer needed
   * @param purpose what for
   * @param method how it would be read, such as {@code ROLE}
   * @param risk the highest classification of what is asked, such as {@code CONFIDENTIAL}
   */
  record AccessAsked(
      String request,
      String domain,
      int revision,
      List<String> columns,
      Optional<String> rowsHash,
      Optional<Instant> until,
      String purpose,
      String method,
      String risk)
      implements EventDetails {
    /** Copies the columns. */
    public AccessAsked {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Of {@code access.answered} and {@code access.withdrawn}.
   *
   * @param request the request's id
   * @param domain the consuming domain
   * @param risk the highest classification of what is asked
   * @param text the answer
   */
  record AccessSaid(String request, String domain, String risk, Optional<String> text)
      implements EventDetails {}

  /**
   * Of {@code access.approved}, {@code access.denied} and {@code access.asked-back}.
   *
   * @param request the request's id
   * @param domain the consuming domain
   * @param risk the highest classification of what is asked
   * @param requester who asked
   * @param approvalsMissing of an approval: how many more people have to approve it; else 0
   * @param because why, or the question; empty if that was not said
   * @param grants of the last approval: what was granted
   */
  record AccessDecided(
      String request,
      String domain,
      String risk,
      String requester,
      int approvalsMissing,
      Optional<String> because,
      List<GrantFacts> grants)
      implements EventDetails {
    /** Copies the grants. */
    public AccessDecided {
      grants = List.copyOf(grants);
    }
  }

  /**
   * Of {@code access.reminded} and {@code access.expired}.
   *
   * @param request the request's id
   * @param domain the consuming domain
   * @param risk the highest classification of what is asked
   * @param requester who asked
   * @param since since when it waits
   */
  record AccessOverdue(String request, String domain, String risk, String requester, Instant since)
      implements EventDetails {}

  /**
   * Of {@code grant.ending} and {@code grant.ended}.
   *
   * @param grant the grant's id
   * @param to the grantee, as Lake Formation writes it
   * @param until the first instant at which it no longer holds
   */
  record GrantEnds(String grant, String to, Instant until) implements EventDetails {}

  /**
   * Of {@code access.counted}.
   *
   * @param lines what was counted
   */
  record Counted(List<CountedAccess> lines) implements EventDetails {
    /** Copies the lines. */
    public Counted {
      lines = List.copyOf(lines);
    }
  }

  /**
   * How often one principal read one version of a product, or was denied the same, in one hour.
   *
   * @param hour when the hour begins
   * @param who the principal
   * @param action such as {@code read.seen} or {@code grant.denied}
   * @param subject a product or a domain
   * @param count how often, since the entry before that tells of the same hour
   * @param first when it was first seen of these
   * @param last when it was last seen of these
   * @param version the contract version that was read
   * @param description of a denial what was tried, of a read {@code rows}, {@code files} or {@code
   *     table}
   * @param missing of a denial what would have allowed it
   * @param columns top-level columns that were read, or {@code *}
   */
  record CountedAccess(
      Instant hour,
      String who,
      String action,
      String subject,
      long count,
      Instant first,
      Instant last,
      Optional<ContractVersion> version,
      Optional<String> description,
      Optional<String> missing,
      List<String> columns) {
    /** Copies the columns. */
    public CountedAccess {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Of events of maintenance: {@code product.snapshots-expired}, {@code publishes.fenced}, {@code
   * log.archived}, {@code receipts.trimmed}, {@code quarantine.erased}, and {@code
   * product.compacted} where the table is that of quarantined rows.
   *
   * @param facts names and counts, by field
   */
  record Upkeep(Map<String, String> facts) implements EventDetails {
    /** Copies the facts. */
    public Upkeep {
      facts = Map.copyOf(facts);
    }
  }

  /**
   * One change wrote in two partitions; this is the short entry, and the whole one lies elsewhere.
   *
   * @param partition whose log has the whole entry
   * @param sequence its sequence there
   */
  record LoggedElsewhere(String partition, long sequence) implements EventDetails {}

  /**
   * Of a type that this version does not know.
   *
   * @param json the details as one JSON object
   */
  record Unknown(String json) implements EventDetails {}
}
