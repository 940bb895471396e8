import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * Prints the jars that the manifest of a jar names, one absolute path a line. The manifest is one that
 * the Maven profile {@code run} writes: its paths are relative to the entry {@code Local-Repository}.
 */
final class RunTimeJars {
  private RunTimeJars() {}

  public static void main(String[] arguments) throws IOException {
    try (JarFile jar = new JarFile(arguments[0])) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      Path repository = Path.of(manifest.getValue("Local-Repository"));
      String jars = manifest.getValue(Attributes.Name.CLASS_PATH);
      if (jars == null || jars.isBlank()) {
        return;
      }
      for (String each : jars.strip().split(" +")) {
        System.out.println(repository.resolve(each));
      }
    }
  }
}
