package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the data files of a product. */
@Command(
    name = "files",
    description = "Lists the data files of the current snapshot, for its owner.")
public final class FilesVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "The major version. Default: the current one")
  private @Nullable Integer major;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    var read = client.read(product);
    if (major != null) {
      read.majorVersion(major);
    }
    List<String> files = read.files();
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    document.set("files", JsonFields.array(files));
    return VerbAnswer.question(document, files);
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
