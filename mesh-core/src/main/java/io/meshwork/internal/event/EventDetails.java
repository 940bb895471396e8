package io.meshwork.internal.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.meshwork.event.MeshEvent;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.request.AccessRequest.Method;
import io.meshwork.request.Suggestion;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StewardRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The details of an event; the event's type determines which record it is. All records are nested
 * here, because they are a closed set that {@code event-1.json} describes as one.
 */
public sealed interface EventDetails {
  /** The event has no details. */
  record NoDetails() implements EventDetails {}

  /**
   * Details of {@code mesh.placed}.
   *
   * @param id the mesh's id
   * @param root the root location of all files
   */
  record MeshLocation(String id, String root) implements EventDetails {}

  /**
   * Details of {@code domain.registered} and {@code domain.amended}, if the domain got a new place
   * of its data.
   *
   * @param root the root of the place
   */
  record DataLocation(String root) implements EventDetails {}

  /**
   * Details of {@code catalog.added} and {@code guest.admitted}.
   *
   * @param catalog the added catalog, or the home catalog of the guest
   */
  record CatalogReference(String catalog) implements EventDetails {}

  /**
   * Details of {@code catalog.added} on AWS.
   *
   * @param catalog the added catalog
   * @param account the account with its registry
   * @param region the region with its registry
   * @param table the table of its registry
   */
  record CatalogLocation(String catalog, String account, String region, String table)
      implements EventDetails {}

  /**
   * Details of {@code product.defined}.
   *
   * @param contractVersion the version that took effect
   * @param contractFingerprint the contract's fingerprint
   */
  record ContractDefinition(ContractVersion contractVersion, String contractFingerprint)
      implements EventDetails {}

  /**
   * Details of {@code product.amended} and {@code product.amendment-proposed}.
   *
   * @param major the major version of the contract
   * @param contractVersion the version that took effect, or that was proposed
   * @param previousVersion the version that it replaces
   * @param contractFingerprint the contract's fingerprint
   * @param verdict the verdict on the change: {@code PATCH}, {@code MINOR}, or {@code AMENDMENT}
   * @param reasonCode the code of the change that decides the verdict
   * @param reason the reason; empty if none was given
   * @param proposedBy the decider that proposed a version that reduces protection; the event's
   *     principal is the decider that confirmed it
   * @param rollout the rollout that announced a version that weakens a promise; empty for others
   */
  record ContractVersionChange(
      int major,
      ContractVersion contractVersion,
      ContractVersion previousVersion,
      String contractFingerprint,
      ContractVersion.Verdict verdict,
      String reasonCode,
      Optional<String> reason,
      Optional<String> proposedBy,
      OptionalInt rollout)
      implements EventDetails {
    /** Returns one line. */
    @Override
    public String toString() {
      return DetailsFormatter.format(this);
    }
  }

  /**
   * Details of {@code subscription.registered} and {@code subscription.amended}.
   *
   * @param subscription {@code domain/name}
   * @param major the major version that it reads
   * @param because why it was registered although a newer major version replaces this one; empty if
   *     none does
   * @param fromMajor the major version that it left; empty if it did not move
   * @param continues false if it moved and its next batch is a reset; empty if it did not move
   */
  record LoggedSubscription(
      String subscription,
      int major,
      Optional<String> because,
      OptionalInt fromMajor,
      Optional<Boolean> continues)
      implements EventDetails {}

  /**
   * Details of {@code subscription.ended}.
   *
   * @param subscription {@code domain/name}
   * @param major the major version that it read
   * @param state the name of a {@code Subscription.State}, such as {@code DORMANT}
   * @param endedBy {@code owner} for the product's owner, {@code consumer} for its consumer
   * @param reason the reason; empty if none was given
   */
  record SubscriptionEnd(
      String subscription, int major, String state, String endedBy, Optional<String> reason)
      implements EventDetails {}

  /**
   * Details of {@code product.published}, {@code product.rolled-back}, {@code product.back-filled},
   * {@code product.engine-commit}, and {@code product.compacted} of a table of rows.
   *
   * @param publishId the ID of the publish, as in its receipt and its files
   * @param mode what the publish did with existing rows, such as {@code append}; empty if an engine
   *     committed without changing the rows that readers see
   * @param reason the reason; empty if none was given
   * @param dataTime the producer declared that all rows with an earlier event time are published;
   *     empty if nothing was declared
   * @param majors the major versions that were changed together, the leading one first. Usually
   *     there is one; a publish while a rollout runs changes several
   */
  record TableCommit(
      String publishId,
      Optional<String> mode,
      Optional<String> reason,
      Optional<Instant> dataTime,
      List<MajorCommit> majors)
      implements EventDetails {
    public TableCommit {
      majors = List.copyOf(majors);
    }

    /** Returns one line. */
    @Override
    public String toString() {
      return DetailsFormatter.format(this);
    }
  }

  /**
   * What a commit did to the table of one major version.
   *
   * @param major the major version
   * @param contractVersion the contract version that the rows were checked against
   * @param rowsAccepted the number of new rows
   * @param rowsQuarantined the number of quarantined rows
   * @param rowsRemoved the number of removed rows
   * @param rowsLeftOut the number of rows that only the leading major version has
   * @param quarantineRowsRemoved the number of rows that an erase removed from the quarantine
   * @param files the number of written data files
   * @param lateRows the number of new rows older than the newest event of earlier publishes
   * @param largestLateness how late the oldest of them was; zero without late rows
   * @param snapshot the new current snapshot; empty if no row changed
   * @param scopeHash SHA-256 of the filter, or of the scope of a rollback; the filter can contain
   *     field values, so it is not in the log
   * @param derivedFrom the declared inputs of the rows; for a back-fill, the snapshot that was
   *     copied
   * @param quality the quality of the new rows; empty if there were no rows and no rule was
   *     evaluated
   * @param restoration what a rollback restored; empty for other changes
   */
  record MajorCommit(
      int major,
      ContractVersion contractVersion,
      long rowsAccepted,
      long rowsQuarantined,
      long rowsRemoved,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long rowsLeftOut,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long quarantineRowsRemoved,
      long files,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long lateRows,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) Duration largestLateness,
      @JsonUnwrapped Optional<NewSnapshot> snapshot,
      Optional<String> scopeHash,
      List<PublishReceipt.Input> derivedFrom,
      @JsonUnwrapped Optional<QualityScore> quality,
      @JsonUnwrapped Optional<Restoration> restoration) {
    public MajorCommit {
      derivedFrom = List.copyOf(derivedFrom);
    }

    /** Returns one line. */
    @Override
    public String toString() {
      return DetailsFormatter.format(this);
    }
  }

  /**
   * What an engine's commit writes; {@link TableCommit} reads it.
   *
   * @param table the name of the table
   * @param contractVersion the contract version that the rows were checked against
   * @param main {@code unmoved} if readers see the same rows as before; empty otherwise
   * @param change what readers see differently
   */
  record EngineCommit(
      String publishId,
      String table,
      int major,
      ContractVersion contractVersion,
      Optional<String> main,
      @JsonUnwrapped Optional<MovedMain> change) {}

  /**
   * What readers see differently after an engine's commit.
   *
   * @param snapshot the new current snapshot
   * @param snapshots the number of snapshots that readers passed at once
   * @param rowsAccepted the number of new rows
   * @param files the number of files with new rows
   */
  record MovedMain(
      PublishReceipt.PublishMode mode,
      @JsonUnwrapped NewSnapshot snapshot,
      long snapshots,
      long rowsAccepted,
      long files) {}

  /**
   * What the compaction of a table of rows writes; {@link TableCommit} reads it.
   *
   * @param contractVersion the contract version of the rows
   * @param rowsAccepted 0, because no row is new
   */
  record RowCompaction(
      @JsonUnwrapped QuarantineCompaction rewritten,
      String contractVersion,
      @JsonUnwrapped NewSnapshot snapshot,
      long rowsAccepted) {}

  /**
   * The quality of rows under the rules of their contract.
   *
   * @param qualityScore accepted rows in percent of offered rows; empty if there were none
   * @param rulesPassed the number of rules that passed; empty if none was evaluated
   * @param rulesEvaluated the number of rules that were evaluated, or could not be; empty if none
   */
  record QualityScore(
      OptionalDouble qualityScore, OptionalInt rulesPassed, OptionalInt rulesEvaluated) {}

  /**
   * What a rollback restored.
   *
   * @param restoredSnapshot the ID of the restored snapshot
   * @param rowsRestored the number of rows in the restored files
   * @param brokenRules IDs of rules of the current contract that these rows break
   * @param violationsAllowed why they were restored anyway; empty if they break no rule
   */
  record Restoration(
      String restoredSnapshot,
      long rowsRestored,
      List<String> brokenRules,
      Optional<String> violationsAllowed) {
    public Restoration {
      brokenRules = List.copyOf(brokenRules);
    }
  }

  /**
   * A snapshot that an event created.
   *
   * @param snapshotId the snapshot ID
   * @param sequence the snapshot's sequence number in its major version; not the event's
   * @param rowsTotal the number of rows of the table as of this snapshot
   */
  record NewSnapshot(String snapshotId, long sequence, long rowsTotal) {}

  /**
   * Details of the events of a rollout, {@code rollout.planned} to {@code rollout.escalated}.
   *
   * @param product the product
   * @param rollout the number of the rollout, from 1 for each product
   * @param fromMajor the major version that consumers leave
   * @param toMajor the major version that replaces it; empty if there is no successor in this
   *     product
   * @param state the state of the rollout after the event
   * @param because the reason; empty if none was given
   * @param retireAfter the last day on which consumers can rely on the old major version, in UTC:
   *     of the rollout, or of the offer or the answer; empty if no day was named
   * @param consumers the subscriptions, {@code domain/name}, or {@code domain/@} for reads of a
   *     domain without a subscription; empty if the event is not about certain consumers
   * @param answer the consumer's answer, also one that is escalated; empty if the event is about
   *     none
   * @param toDomainOwner true for a reminder that the owner of the consumer's domain receives too
   * @param suggestions the IDs of the suggestions that the start of the rollout accepted
   */
  record RolloutChange(
      ProductName product,
      int rollout,
      int fromMajor,
      OptionalInt toMajor,
      Rollout.State state,
      Optional<String> because,
      Optional<LocalDate> retireAfter,
      List<String> consumers,
      Optional<ConsumerAnswer> answer,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean toDomainOwner,
      List<String> suggestions)
      implements EventDetails {
    public RolloutChange {
      consumers = List.copyOf(consumers);
      suggestions = List.copyOf(suggestions);
    }

    /** Returns one line. */
    @Override
    public String toString() {
      return DetailsFormatter.format(this);
    }
  }

  /** What a consumer answered in a rollout. */
  enum ConsumerAnswer {
    /** It received the notice. */
    SEEN,
    /** It agrees to the date. */
    AGREED,
    /** It asks for another date. */
    COUNTERED,
    /** It refuses the change. */
    OBJECTED,
    /** It declares that it moved. */
    MOVED
  }

  /**
   * Details of {@code product.suspended} and {@code product.resumed}.
   *
   * @param majors the major versions
   * @param because why reads are suspended; empty if they are possible again
   * @param until when the suspension ends if no steward approves it; empty if reads are possible
   *     again
   */
  record SuspensionChange(
      @JsonInclude(JsonInclude.Include.ALWAYS) List<Integer> majors,
      Optional<String> because,
      Optional<Instant> until)
      implements EventDetails {
    public SuspensionChange {
      majors = List.copyOf(majors);
    }
  }

  /**
   * Details of {@code approval.requested} and {@code approval.given}.
   *
   * @param request the ID of the request
   * @param kind what is requested
   * @param because the reason that the owner gave
   * @param consumers the consumers that it concerns; empty for a suspension
   */
  record LoggedStewardRequest(
      String request, StewardRequest.Kind kind, String because, List<String> consumers)
      implements EventDetails {
    public LoggedStewardRequest {
      consumers = List.copyOf(consumers);
    }
  }

  /**
   * Details of {@code steward.appointed} and {@code steward.dismissed}.
   *
   * @param steward the principal, such as {@code platform/steward}
   */
  record StewardChange(String steward) implements EventDetails {}

  /**
   * Details of {@code tag.defined}.
   *
   * @param tag the tag's key
   * @param values all its allowed values
   */
  record AllowedTagValues(String tag, @JsonInclude(JsonInclude.Include.ALWAYS) List<String> values)
      implements EventDetails {
    public AllowedTagValues {
      values = List.copyOf(values);
    }
  }

  /**
   * Details of {@code tags.changed}.
   *
   * @param set the tags that were set, with their values
   * @param removed the keys of removed tags
   * @param columns the tagged columns; empty for the whole product or domain
   */
  record TagAssignment(
      @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> set,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<String> removed,
      List<String> columns)
      implements EventDetails {
    public TagAssignment {
      set = Collections.unmodifiableMap(new TreeMap<>(set));
      removed = List.copyOf(removed);
      columns = List.copyOf(columns);
    }
  }

  /**
   * Details of {@code grant.made}, {@code grant.amended}, and {@code grant.revoked}.
   *
   * @param grants the grants
   * @param reason why they were revoked; empty if no reason was given
   */
  record GrantChange(
      @JsonInclude(JsonInclude.Include.ALWAYS) List<LoggedGrant> grants, Optional<String> reason)
      implements EventDetails {
    public GrantChange {
      grants = List.copyOf(grants);
    }
  }

  /**
   * Details of {@code rights.changed}.
   *
   * @param changes the changes, in their order
   */
  record RightsCommit(List<RightsEvent> changes) implements EventDetails {
    public RightsCommit {
      changes = List.copyOf(changes);
    }
  }

  /**
   * One of several changes of rights that were committed together.
   *
   * @param type the type of the event for this change alone, such as {@code grant.made}
   * @param subject a product or a domain
   * @param details the details of that event
   */
  record RightsEvent(MeshEvent.Type type, String subject, EventDetails details) {}

  /**
   * A grant in the log.
   *
   * @param id the grant ID, independent of the grant's end and reason
   * @param on a product, a whole domain, or a tag expression
   * @param to the grantee, as Lake Formation writes it
   * @param permissions the granted permissions
   * @param grantOption true if the grantee may pass the grant on within its account
   * @param columns the included columns; empty for all
   * @param exceptColumns the excluded columns
   * @param rowsHash SHA-256 of the row filter, which can contain values and is not in the log
   * @param until when it ends, exclusive
   * @param because the reason
   * @param authorizedBy the principal of the producer, or of the grantee that passes the grant on
   * @param authorization the authorization under which another account created it for the producer;
   *     empty if the producer or a grantee created it
   */
  record LoggedGrant(
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
    public LoggedGrant {
      permissions = List.copyOf(permissions);
      columns = List.copyOf(columns);
      exceptColumns = List.copyOf(exceptColumns);
    }

    /** Returns one line. */
    @Override
    public String toString() {
      return DetailsFormatter.format(this);
    }
  }

  /**
   * Details of {@code authorization.given}, {@code authorization.amended}, and {@code
   * authorization.withdrawn}.
   *
   * @param authorizations the authorizations
   * @param grants the grants under them that were revoked with them; empty if the grants remain
   * @param reason why they were withdrawn; empty if no reason was given
   */
  record ChangedAuthorizations(
      @JsonInclude(JsonInclude.Include.ALWAYS) List<LoggedAuthorization> authorizations,
      List<LoggedGrant> grants,
      Optional<String> reason)
      implements EventDetails {
    public ChangedAuthorizations {
      authorizations = List.copyOf(authorizations);
      grants = List.copyOf(grants);
    }
  }

  /**
   * An authorization in the log.
   *
   * @param id the authorization ID, independent of the authorization's end and reason
   * @param on a product, a whole domain, or a tag expression
   * @param executors the accounts or principals that may make grants, as Lake Formation writes them
   * @param consumers the only allowed grantees; empty for any grantee
   * @param permissions the permissions that they may grant
   * @param grantOption true if they may grant with the grant option
   * @param columns the included columns; empty for all
   * @param exceptColumns the excluded columns
   * @param rowsHash SHA-256 of the row filter, which can contain values and is not in the log
   * @param request the only access request that it applies to; empty for any
   * @param delegating true if the executors may authorize other accounts within it
   * @param under the authorization under which an executor gave it; empty if the producer did
   * @param until when it and the grants under it end, exclusive
   * @param because the reason
   * @param authorizedBy the principal of the producer that is responsible for it
   */
  record LoggedAuthorization(
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
    public LoggedAuthorization {
      executors = List.copyOf(executors);
      consumers = List.copyOf(consumers);
      permissions = List.copyOf(permissions);
      columns = List.copyOf(columns);
      exceptColumns = List.copyOf(exceptColumns);
    }

    /** Returns one line. */
    @Override
    public String toString() {
      return DetailsFormatter.format(this);
    }
  }

  /**
   * Details of {@code link.made}, {@code link.moved}, and {@code link.removed}.
   *
   * @param link the link's name in its domain's catalog
   * @param target its target, {@code domain/product} or {@code domain}
   * @param major the major version; empty for a whole domain
   * @param following true if it always refers to the current major version
   * @param previousTarget the target before the link was moved; otherwise empty
   * @param previousMajor the major version before the link was moved; otherwise empty
   */
  record LinkChange(
      String link,
      String target,
      OptionalInt major,
      boolean following,
      Optional<String> previousTarget,
      OptionalInt previousMajor)
      implements EventDetails {}

  /**
   * Details of {@code access.requested} and {@code access.amended}.
   *
   * @param request the request's ID
   * @param domain the consuming domain
   * @param revision the revision, from 1; each amendment adds 1
   * @param columns the requested columns; empty for the whole product
   * @param rowsHash SHA-256 of the row filter, which can contain values and is not in the log
   * @param until the end of the requested access, exclusive; empty if there is none
   * @param purpose the purpose of the access
   * @param method how the data will be read
   * @param risk the highest classification of the requested columns, by the contract then
   */
  record RequestedAccess(
      String request,
      String domain,
      int revision,
      List<String> columns,
      Optional<String> rowsHash,
      Optional<Instant> until,
      String purpose,
      Method method,
      Classification risk)
      implements EventDetails {
    public RequestedAccess {
      columns = List.copyOf(columns);
    }

    /** Returns one line. */
    @Override
    public String toString() {
      return DetailsFormatter.format(this);
    }
  }

  /**
   * Details of {@code access.answered} and {@code access.withdrawn}.
   *
   * @param request the request's id
   * @param domain the consuming domain
   * @param risk the highest classification of the requested columns
   * @param text the requester's answer; empty for a withdrawal
   */
  record AccessReply(String request, String domain, Classification risk, Optional<String> text)
      implements EventDetails {}

  /**
   * Details of {@code access.approved}, {@code access.denied}, and {@code access.asked-back}.
   *
   * @param request the request's id
   * @param domain the consuming domain
   * @param risk the highest classification of the requested columns
   * @param requester the principal that requested access
   * @param approvalsMissing the number of further approvals that the request needs; otherwise 0
   * @param because the reason or the question; empty if none was given
   * @param grants the grants that the last approval created; otherwise empty
   */
  record AccessRequestDecision(
      String request,
      String domain,
      Classification risk,
      String requester,
      int approvalsMissing,
      Optional<String> because,
      List<LoggedGrant> grants)
      implements EventDetails {
    public AccessRequestDecision {
      grants = List.copyOf(grants);
    }
  }

  /**
   * Details of {@code access.reminded} and {@code access.expired}.
   *
   * @param request the request's id
   * @param domain the consuming domain
   * @param risk the highest classification of the requested columns
   * @param requester the principal that requested access
   * @param since when the request began to wait
   */
  record UndecidedRequest(
      String request, String domain, Classification risk, String requester, Instant since)
      implements EventDetails {}

  /**
   * Details of {@code suggestion.made}.
   *
   * @param suggestion the suggestion's id
   * @param domain the consuming domain
   * @param kind what it is about
   * @param columns the columns that it is about; empty for the product as a whole
   * @param text the text
   */
  record SuggestedImprovement(
      String suggestion, String domain, Suggestion.Kind kind, List<String> columns, String text)
      implements EventDetails {
    public SuggestedImprovement {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Details of {@code suggestion.answered}.
   *
   * @param suggestion the suggestion's id
   * @param domain the consuming domain
   * @param requester the principal that sent it
   * @param state its state after the answer
   * @param because the reason; empty if none was given
   * @param rollout the number of the rollout that delivers it; empty if none was named
   * @param contractVersion the version that has it; empty unless it is delivered
   */
  record SuggestionAnswer(
      String suggestion,
      String domain,
      String requester,
      Suggestion.State state,
      Optional<String> because,
      OptionalInt rollout,
      Optional<ContractVersion> contractVersion)
      implements EventDetails {}

  /**
   * Details of {@code suggestion.withdrawn}.
   *
   * @param suggestion the suggestion's id
   * @param domain the consuming domain
   */
  record WithdrawnSuggestion(String suggestion, String domain) implements EventDetails {}

  /**
   * Details of {@code grant.ending} and {@code grant.ended}.
   *
   * @param grant the grant's id
   * @param to the grantee, as Lake Formation writes it
   * @param until when it ends, exclusive
   */
  record GrantExpiration(String grant, String to, Instant until) implements EventDetails {}

  /**
   * Details of {@code product.late}, {@code product.lateness-escalated}, and {@code product.fresh}.
   *
   * @param major the major version
   * @param since when its rows became older than promised
   * @param freshWithin the promised age; empty for {@code product.fresh}
   * @param causes the products that were late before {@code since}, at the beginning of the chains
   *     of declared inputs; empty if no declared input was late
   * @param escalated true for {@code product.fresh} if the lateness was escalated
   */
  record LatenessChange(
      int major,
      Instant since,
      Optional<Duration> freshWithin,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<ProductName> causes,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean escalated)
      implements EventDetails {
    public LatenessChange {
      causes = List.copyOf(causes);
    }
  }

  /**
   * Details of {@code access.counted}.
   *
   * @param lines the counts
   */
  record AccessCounts(@JsonInclude(JsonInclude.Include.ALWAYS) List<HourlyAccessCount> lines)
      implements EventDetails {
    public AccessCounts {
      lines = List.copyOf(lines);
    }
  }

  /**
   * The number of reads, or of equal denials, of one principal for one subject in one hour.
   *
   * @param hour the start of the hour
   * @param who the principal
   * @param action such as {@code read.seen} or {@code grant.denied}
   * @param subject a product or a domain
   * @param count the number since the previous entry for the same hour
   * @param first the time of the first of these
   * @param last the time of the last of these
   * @param version the contract version that was read
   * @param description for a denial the attempted action, for a read {@code rows}, {@code files},
   *     or {@code table}
   * @param missing for a denial the change that would allow the action
   * @param columns the top-level columns that were read, or {@code *}
   */
  record HourlyAccessCount(
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
    public HourlyAccessCount {
      columns = List.copyOf(columns);
    }

    /** Returns one line. */
    @Override
    public String toString() {
      return DetailsFormatter.format(this);
    }
  }

  /** Details of {@code product.snapshots-expired}. */
  record ExpiredSnapshots(String table, int major, long snapshots) implements EventDetails {}

  /** Details of {@code publishes.fenced}. */
  record FencedPublishes(String table, long count) implements EventDetails {}

  /**
   * Details of {@code log.archived}.
   *
   * @param first the sequence number of the first archived entry
   * @param sha256 the hash of the archive
   */
  record ArchivedEntries(long first, long last, String sha256) implements EventDetails {}

  /** Details of {@code receipts.trimmed} and {@code receipts.redacted}. */
  record ChangedReceipts(long count) implements EventDetails {}

  /**
   * Details of {@code notifier.forgotten}.
   *
   * @param notifier its storage name
   * @param positions the number of logs in which it had a position
   * @param parked the number of its parked notices
   */
  record ForgottenNotifier(String notifier, long positions, long parked) implements EventDetails {}

  /**
   * Details of {@code product.erasure-proved}.
   *
   * @param publishId the ID of the first erase
   * @param readersPassed the number of readers whose snapshots expired although they used them
   * @param outOfReach the number of statements about files that the mesh cannot delete
   */
  record ProvedErasure(
      String publishId,
      long rowsErased,
      long snapshotsExpired,
      long filesDeleted,
      long filesRead,
      long rowsRead,
      long readersPassed,
      long outOfReach)
      implements EventDetails {}

  /** Details of {@code quarantine.erased}; the last two are empty if the rows expired. */
  record QuarantineErasure(
      String publishId,
      int major,
      long rowsRemoved,
      Optional<String> scopeHash,
      Optional<String> reason)
      implements EventDetails {}

  /** Details of {@code mirror.applied}: the number of objects for each kind of work. */
  record MirrorObjectCounts(
      String mirror,
      String account,
      long made,
      long changed,
      long removed,
      long adopted,
      long restored,
      long left)
      implements EventDetails {}

  /** Details of {@code product.staged}. */
  record StagedRowCounts(String publishId, int major, String mode, long rows, long invalidRows)
      implements EventDetails {}

  /** Details of {@code product.unstaged}; the cause is expired, discarded, or erased. */
  record UnstagedRows(String publishId, int major, String cause) implements EventDetails {}

  /** Details of {@code product.compacted} of a quarantine table. */
  record QuarantineCompaction(
      String publishId, String table, int major, String mode, long filesCompacted, long files)
      implements EventDetails {}

  /**
   * A reference to the full entry, which is in another log. One change was logged in two
   * partitions.
   *
   * @param partition the partition of the full entry
   * @param sequence the sequence number of the full entry
   */
  record EventReference(String partition, long sequence) implements EventDetails {}

  /**
   * Details that this version of Meshwork does not support: details of an unknown event type, or
   * with a value, such as a state of a rollout, that a later version added.
   *
   * @param json the details as one JSON object
   */
  record UnknownDetails(String json) implements EventDetails {}
}
