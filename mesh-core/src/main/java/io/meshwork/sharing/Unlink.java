package io.meshwork.sharing;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Names;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a link out of the catalog of the caller's domain. What it stands for, grants and
 * subscriptions stay as they are. What is not there is not missed. One thread; committed once.
 */
public final class Unlink
    implements PlannedOperation<Plan<Optional<ResourceLink>>, Optional<ResourceLink>> {
  private final Session session;
  private final LinkName name;
  private final OneCommit once;

  private Unlink(Session session, LinkName name) {
    this.session = session;
    this.name = name;
    this.once = OneCommit.withoutKey(doing());
  }

  /**
   * Called by {@code MeshClient.unlink}.
   *
   * @throws InvalidRequestException if no link can have such a name
   */
  public static Unlink of(Session session, @Nullable CharSequence name) {
    if (name != null && !LinkName.isLegal(name)) {
      throw new InvalidRequestException(
          ErrorCode.NAME_INVALID,
          "Cannot unlink '"
              + Names.shown(name.toString())
              + "': "
              + (name.toString().indexOf('/') < 0
                  ? "no link can have this name"
                  : "this is written as a product is, and a link has a name of its own")
              + ", which is database.table, or a database alone, of lower-case letters, digits and"
              + " underscores. Nothing was changed. Look at links() for the link to take away.");
    }
    return new Unlink(session, LinkName.of(name));
  }

  /**
   * What would be taken away; if there is no such link, a finding with the nearest. Changes
   * nothing.
   *
   * @throws InvalidRequestException as {@link #commit}
   */
  @Override
  public Plan<Optional<ResourceLink>> plan() {
    session.checkOpen(doing());
    String own = session.admission().ownDomain(doing()).domain();
    return plan(own, found(own));
  }

  /**
   * Takes it away.
   *
   * @return the link that was there; empty if there was none
   * @throws InvalidRequestException if the account acts for no domain, or it is a product within
   *     the link of a whole domain
   */
  @Override
  public Optional<ResourceLink> commit() {
    return run(null);
  }

  @Override
  public Optional<ResourceLink> commitAsPlanned(String fingerprint) {
    return run(Arguments.text("fingerprint", fingerprint));
  }

  private Optional<ResourceLink> run(@Nullable String fingerprint) {
    session.checkOpen(doing());
    String own = session.admission().ownDomain(doing()).domain();
    once.begin();
    try {
      return session
          .ledger()
          .commit(
              new Ledger.Change<Optional<ResourceLink>>() {
                @Override
                public String doing() {
                  return Unlink.this.doing();
                }

                @Override
                public String partition() {
                  return Keys.partition(own);
                }

                @Override
                public Draft<Optional<ResourceLink>> draft(Ledger.Attempt attempt) {
                  Optional<LinkEntry> link = found(own);
                  if (fingerprint != null) {
                    plan(own, link).requireSame(fingerprint, doing());
                  }
                  return link.map(there -> removed(there))
                      .orElseGet(() -> Draft.settled(Optional.empty()));
                }
              },
              session.deadline());
    } finally {
      once.end();
    }
  }

  private Draft<Optional<ResourceLink>> removed(LinkEntry link) {
    Draft<Optional<ResourceLink>> draft = link.removed(session.principal());
    draft.check(session.admission().ownDomain(doing()).stored());
    return draft.result(Optional.of(new LinkLook(session, doing()).of(link)));
  }

  private Optional<LinkEntry> found(String own) {
    Optional<LinkEntry> link = session.catalog().findLink(own, name);
    if (link.isEmpty() && name.table().isPresent()) {
      session
          .catalog()
          .findLink(own, name.whole())
          .ifPresent(
              whole -> {
                throw new InvalidRequestException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Cannot "
                        + doing()
                        + ": "
                        + name.database()
                        + " stands for the whole domain '"
                        + whole.domain()
                        + "', and none of its products can be taken out. Nothing was changed. Take"
                        + " all of it away with unlink(\""
                        + name.database()
                        + "\"), and link single products instead.");
              });
    }
    return link;
  }

  private LinkPlan<Optional<ResourceLink>> plan(String own, Optional<LinkEntry> link) {
    return new LinkPlan<>(
        "Unlink " + name,
        link.stream()
            .map(
                there ->
                    new Step(
                        "unlink",
                        name.toString(),
                        "from " + there.target(),
                        "link it again with linkResource(\"" + there.target() + "\")"))
            .toList(),
        link.isPresent() ? List.of() : List.of(notThere(own)),
        this::commitAsPlanned);
  }

  private Finding notThere(String own) {
    Optional<String> nearest =
        NearestName.to(
            name.toString(),
            session.catalog().links(own).stream().map(each -> each.name().toString()).toList());
    return new Finding(
        "NOT_THERE",
        Severity.NOTE,
        name.toString(),
        "Domain '" + own + "' has no link of this name: nothing to take away.",
        0,
        List.of(),
        nearest.map(near -> "Did you mean '" + near + "'?").orElse("Look at links()."));
  }

  private String doing() {
    return "unlink " + name;
  }
}
