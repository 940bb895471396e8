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
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.internal.text.NearestName;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Removes one link. */
final class LinkRemoval
    extends ReviewedOperation<Plan<Optional<ResourceLink>>, Optional<ResourceLink>> {
  private final LinkName name;

  private LinkRemoval(ClientSession session, LinkName name) {
    super(session, MeshAction.of(Verb.UNLINK, name));
    this.name = name;
    begin();
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
          .fix("links() lists the links.")
          .invalidRequest(ErrorCode.NAME_INVALID);
    }
    return new LinkRemoval(session, LinkName.of(name));
  }

  @Override
  protected Plan<Optional<ResourceLink>> evaluate() {
    String own = session.authorizer().requireOwnDomain(action()).domain();
    return plan(own, find(own));
  }

  @Override
  protected Supplier<Optional<ResourceLink>> prepare(@Nullable String reviewed) {
    String own = session.authorizer().requireOwnDomain(action()).domain();
    String partition = session.catalog().homeConsumerPartition(own);
    return () ->
        session.commit(Ledger.Change.of(action(), partition, attempt -> draft(own, reviewed)));
  }

  private CommitDraft<Optional<ResourceLink>> draft(String own, @Nullable String reviewed) {
    Optional<LinkEntry> link = find(own);
    plan(own, link).requireSame(reviewed, action());
    return link.map(this::removal).orElseGet(() -> CommitDraft.unchanged(Optional.empty()));
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
                        "Remove the whole link with unlinkResource(\""
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
        nearest.map(near -> "Did you mean '" + near + "'?").orElse("links() lists the links."));
  }
}
