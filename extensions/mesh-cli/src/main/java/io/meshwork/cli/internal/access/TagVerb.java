package io.meshwork.cli.internal.access;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.TagResource;
import io.meshwork.cli.internal.file.RowValues;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.AccessPlanOptions;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tags a product, a domain, or columns; defines a tag of a domain. */
@Command(name = "tag", description = "Tags a product, its columns, or a domain; defines tags.")
public final class TagVerb extends MeshVerb {
  @Parameters(
      index = "0",
      paramLabel = "PRODUCT|DOMAIN",
      description = "What to tag, or the domain whose tag to define")
  private String resource;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "KEY=VALUE",
      description = "The tags to set")
  private @Nullable Map<String, String> tags;

  @Option(names = "--columns", paramLabel = "COLUMN,…", description = "Tags these columns")
  private @Nullable List<String> columns;

  @Option(names = "--without", paramLabel = "KEY", description = "Removes the tag with this key")
  private @Nullable List<String> without;

  @Option(
      names = "--define",
      paramLabel = "KEY=VALUE,…",
      description = "Defines a tag of your domain and its values, instead of tagging")
  private @Nullable Map<String, String> defined;

  @Mixin private AccessPlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if (defined != null) {
      return define(client, defined);
    }
    TagResource tag =
        columns == null
            ? client.access().tag(resource)
            : client.access().tagColumns(resource, OptionTexts.elements(columns));
    if (tags != null) {
      tags.forEach(tag::set);
    }
    if (without != null) {
      without.forEach(tag::remove);
    }
    return planning.answer(
        tag,
        now -> {
          var document = VerbAnswer.newDocument("tagged").put("resource", resource);
          document.set("tags", RowValues.json(now));
          return VerbAnswer.change(document, resource + " has the tags " + now + ".");
        });
  }

  private VerbAnswer define(MeshClient client, Map<String, String> definitions) {
    if (definitions.size() != 1 || tags != null || columns != null || without != null) {
      throw new UsageException("Option --define defines one tag, and takes no other tags.");
    }
    Map.Entry<String, String> definition = definitions.entrySet().iterator().next();
    return planning.answer(
        client
            .governance()
            .defineTag(definition.getKey(), OptionTexts.elements(List.of(definition.getValue()))),
        values -> {
          var document = VerbAnswer.newDocument("defined").put("tag", definition.getKey());
          document.set("values", JsonFields.array(values));
          return VerbAnswer.change(document, definition.getKey() + " has the values " + values);
        });
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
