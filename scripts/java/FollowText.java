import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes out the files that a text shows and the commands that it asks for: TEXT FOLDER COMMANDS. */
final class FollowText {
  private static final Pattern FILE = Pattern.compile("<!-- file: (\\S+) -->");

  public static void main(String[] arguments) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(arguments[0]));
    Path folder = Path.of(arguments[1]);
    List<String> commands = new ArrayList<>();
    int files = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher file = FILE.matcher(lines.get(i).strip());
      if (file.matches()) {
        Path target = folder.resolve(file.group(1)).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("line " + (i + 1) + " names a file outside of the folder");
        }
        Files.createDirectories(target.getParent());
        Files.write(target, block(lines, i + 1));
        files++;
      } else if (lines.get(i).equals("```sh")) {
        commands.addAll(block(lines, i));
      }
    }
    if (files == 0 || commands.isEmpty()) {
      throw new IOException(arguments[0] + " shows " + files + " files, and " + commands.size()
          + " lines of commands; there is nothing to follow");
    }
    Files.write(Path.of(arguments[2]), commands);
  }

  private static List<String> block(List<String> lines, int fence) throws IOException {
    if (fence >= lines.size() || !lines.get(fence).startsWith("```")) {
      throw new IOException("line " + fence + ": no block right below");
    }
    int end = fence + 1;
    while (!lines.get(end).equals("```")) {
      end++;
    }
    return lines.subList(fence + 1, end);
  }
}
