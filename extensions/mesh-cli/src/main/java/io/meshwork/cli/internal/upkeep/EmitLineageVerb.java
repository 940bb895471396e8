package io.meshwork.cli.internal.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.file.TargetFile;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.interchange.OpenLineageExport;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes publishes as OpenLineage. */
@Command(
    name = "openlineage",
    description = {
      "Prints what was published as lines of OpenLineage, or posts it to a receiver.",
      "The variable OPENLINEAGE_API_KEY has the receiver's key."
    },
    exitCodeList = {"99:Nothing is new."})
final class EmitLineageVerb extends MeshVerb {
  @Parameters(
      arity = "1..*",
      paramLabel = "PRODUCT|DOMAIN",
      description = "Products, or domains that you act for")
  private List<String> sources;

  @Option(
      names = "--namespace",
      required = true,
      paramLabel = "URI",
      description = "Names the mesh for all its readers, such as meshwork://shop")
  private String namespace;

  @Option(
      names = "--after",
      paramLabel = "CURSOR",
      description =
          "Continues after this cursor, as the last run printed it. Default: from the beginning")
  private @Nullable String after;

  @Option(
      names = "--cursor",
      paramLabel = "FILE",
      description = "Keeps the cursor between posts, after each batch that was accepted")
  private @Nullable Path cursorFile;

  @Option(
      names = "--post",
      paramLabel = "URL",
      description = "Posts to this receiver. Default: prints")
  private @Nullable URI url;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if (after != null && cursorFile != null) {
      throw new UsageException("Use --after or --cursor, not both.");
    }
    if (cursorFile != null && url == null) {
      throw new UsageException("Option --cursor requires --post; use --after for printed lines.");
    }
    String start = after != null ? after : storedCursor();
    OpenLineageExport export =
        OpenLineageExport.of(client, namespace, sources.toArray(new String[0])).after(start);
    return url == null ? printed(export, start) : posted(export, start, url);
  }

  private VerbAnswer printed(OpenLineageExport export, String start) {
    List<String> lines = new ArrayList<>();
    String cursor = start;
    while (true) {
      OpenLineageExport.Batch batch = export.after(cursor).read();
      if (batch.events() == 0) {
        break;
      }
      lines.addAll(batch.lines());
      cursor = batch.cursor();
    }
    ObjectNode document = VerbAnswer.newDocument().put("cursor", cursor);
    lines.forEach(document.putArray("lines")::add);
    return VerbAnswer.question(document, lines).exiting(lines.isEmpty() ? ExitCode.NOTHING_NEW : 0);
  }

  @Override
  protected void afterwards(VerbAnswer answer) {
    if (!answer.change() && !answer.lines().isEmpty()) {
      shell().complain("To continue: --after " + answer.document().path("cursor").asText());
    }
  }

  private VerbAnswer posted(OpenLineageExport export, String start, URI receiver) {
    String key = shell().variables().getOrDefault("OPENLINEAGE_API_KEY", "");
    String cursor = (key.isEmpty() ? export : export.apiKey(key)).post(receiver, this::store);
    boolean isNew = !cursor.equals(start);
    return VerbAnswer.change(
            VerbAnswer.newDocument(isNew ? "posted" : "nothing new").put("cursor", cursor),
            isNew
                ? "The receiver has each publish up to the cursor; other events have no lines."
                : "Nothing is new.")
        .exiting(isNew ? 0 : ExitCode.NOTHING_NEW);
  }

  private String storedCursor() {
    try {
      return cursorFile == null || !Files.exists(cursorFile)
          ? ""
          : Files.readString(cursorFile).strip();
    } catch (IOException e) {
      throw new UsageException("Cannot read " + cursorFile + ": " + e.getClass().getSimpleName());
    }
  }

  private void store(String cursor) {
    if (cursorFile == null) {
      return;
    }
    try {
      TargetFile.write(
          cursorFile, out -> out.write((cursor + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw AtomicFile.unwritable(
          cursorFile, e, "The lines were emitted; the next run emits them again.");
    }
  }

  @Override
  protected String interruption() {
    return url == null
        ? super.interruption()
        : "The receiver has the batches that it accepted; it may get the last one again. Run it "
            + "again to continue"
            + (cursorFile == null ? " after the cursor of --after." : " after the saved cursor.");
  }

  @Override
  public boolean isChange() {
    return url != null;
  }
}
