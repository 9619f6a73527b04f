namespace Capacitor.Silo;

/// <summary>The folder of the embedded store. It holds secrets, so it is made for its owner only.</summary>
internal static class DataDirectory
{
    /// <summary>Makes the folder when it is missing and tries to write there. Null when that worked, else what to do.</summary>
    public static string? Prepare(string directory)
    {
        var path = Path.GetFullPath(directory);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var probe = Path.Combine(path, $".probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The data directory {path} cannot be written: {failure.Message.TrimEnd('.')}. Give this user the right to, or name another folder in Capacitor:DataDirectory.";
        }
    }

    /// <summary>Writes a file that only its owner can read, whatever it was before.</summary>
    public static async Task WritePrivateAsync(string path, string content, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // the mode counts only for a file that is made
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(content.AsMemory(), cancellation);
    }
}
