package io.meshwork.cli.internal.access;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.link.LinkResource;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Links a product into the caller's catalog. */
@Command(name = "link", description = "Links a product, or a domain, into your own catalog.")
public final class LinkVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT|DOMAIN", description = "What to link")
  private String resource;

  @Option(
      names = "--into",
      required = true,
      paramLabel = "DATABASE",
      description = "The database in your catalog; of a domain, one that is new")
  private String database;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "The name of the link. Default: the product's")
  private @Nullable String table;

  @Option(names = "--following", description = "Follows the product to each new major version")
  private boolean following;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return planning.answer(
        resource.contains("/") ? toProduct(client) : toDomain(client),
        linked ->
            VerbAnswer.change(
                LinkDocument.put(VerbAnswer.newDocument("linked"), linked),
                resource + " is linked as " + linked.name() + ", " + linked.state() + "."));
  }

  private LinkResource toProduct(MeshClient client) {
    LinkResource link = client.linkResource(resource).database(database);
    if (table != null) {
      link.name(table);
    }
    return following ? link.followRollouts() : link;
  }

  private PlannedOperation<Plan<ResourceLink>, ResourceLink> toDomain(MeshClient client) {
    if (table != null) {
      throw new UsageException("The products of a domain keep their names: omit --table.");
    }
    return client.linkDomain(resource, database);
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
