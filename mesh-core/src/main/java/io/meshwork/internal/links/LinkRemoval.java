package io.meshwork.internal.links;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.operation.PlannedOperation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Removes one link. */
final class LinkRemoval
    implements PlannedOperation<Plan<Optional<ResourceLink>>, Optional<ResourceLink>> {
  private final ClientSession session;
  private final OpenOperation open;
  private final LinkName name;
  private final OneCommit once;

  private LinkRemoval(ClientSession session, LinkName name) {
    this.session = session;
    this.name = name;
    this.once = OneCommit.withoutKey(action());
    this.open = session.operation(action()).begin();
  }

  static LinkRemoval of(ClientSession session, @Nullable CharSequence name) {
    if (name != null && !LinkName.isLegal(name)) {
      throw Failure.of(MeshAction.of(Verb.UNLINK, "'" + NameGrammar.quoted(name.toString()) + "'"))
          .because(
              (name.toString().indexOf('/') < 0
                      ? "it is not a valid link name"
                      : "this is the name of a product, not of a link")
                  + ", which is database.table, or a database alone, of lower-case letters, digits"
                  + " and underscores")
          .fix("links().list() lists the links.")
          .invalidRequest(ErrorCode.NAME_INVALID);
    }
    return new LinkRemoval(session, LinkName.of(name));
  }

  @Override
  public Plan<Optional<ResourceLink>> plan() {
    open.settle();
    session.checkOpen(action());
    String own = session.authorizer().requireOwnDomain(action()).domain();
    return plan(own, find(own));
  }

  @Override
  public Optional<ResourceLink> commit() {
    return run(null);
  }

  @Override
  public Optional<ResourceLink> commitAsPlanned(String fingerprint) {
    return run(ArgumentChecks.text("fingerprint", fingerprint));
  }

  private Optional<ResourceLink> run(@Nullable String fingerprint) {
    open.settle();
    session.checkOpen(action());
    String own = session.authorizer().requireOwnDomain(action()).domain();
    once.begin();
    try {
      return session
          .ledger()
          .commit(
              new Ledger.Change<Optional<ResourceLink>>() {
                @Override
                public MeshAction action() {
                  return LinkRemoval.this.action();
                }

                @Override
                public String partition() {
                  return session.catalog().homeConsumerPartition(own);
                }

                @Override
                public CommitDraft<Optional<ResourceLink>> draft(Ledger.Attempt attempt) {
                  Optional<LinkEntry> link = find(own);
                  plan(own, link).requireSame(fingerprint, action());
                  return link.map(existing -> removal(existing))
                      .orElseGet(() -> CommitDraft.unchanged(Optional.empty()));
                }
              },
              session.deadline());
    } finally {
      once.end();
    }
  }

  private CommitDraft<Optional<ResourceLink>> removal(LinkEntry link) {
    CommitDraft<Optional<ResourceLink>> draft = link.remove(session.principal());
    draft.check(session.authorizer().requireOwnDomain(action()).stored());
    return draft.result(Optional.of(new LinkState(session, action()).of(link)));
  }

  /** The link of this name in the own domain. */
  private Optional<LinkEntry> find(String own) {
    Optional<LinkEntry> link = session.catalog().findLink(own, name);
    if (link.isEmpty() && name.table().isPresent()) {
      session
          .catalog()
          .findLink(own, name.whole())
          .ifPresent(
              whole -> {
                throw Failure.of(action())
                    .because(
                        name.database()
                            + " is a link to the whole domain '"
                            + whole.domain()
                            + "', and its products cannot be removed one by one")
                    .fix(
                        "Remove the whole link with links().unlink(\""
                            + name.database()
                            + "\"), and link single products instead.")
                    .invalidRequest(ErrorCode.INVALID_ARGUMENT);
              });
    }
    return link;
  }

  private ChangePlan<Optional<ResourceLink>> plan(String own, Optional<LinkEntry> link) {
    return ChangePlan.of(
        action().toString(),
        link.stream()
            .map(
                existing ->
                    new Step(
                        "unlink",
                        name.toString(),
                        "from " + existing.target(),
                        "link it again with linkResource(\"" + existing.target() + "\")"))
            .toList(),
        link.isPresent() ? List.of() : List.of(notFound(own)),
        "",
        this::commitAsPlanned);
  }

  private Finding notFound(String own) {
    Optional<String> nearest =
        NearestName.to(
            name.toString(),
            session.catalog().links(own).stream().map(each -> each.name().toString()).toList());
    return new Finding(
        FindingCode.NOTHING_TO_REMOVE,
        Severity.NOTE,
        name.toString(),
        "Domain '" + own + "' has no link of this name. There is nothing to remove.",
        0,
        List.of(),
        nearest
            .map(near -> "Did you mean '" + near + "'?")
            .orElse("links().list() lists the links."));
  }

  private MeshAction action() {
    return MeshAction.of(Verb.UNLINK, name);
  }
}
