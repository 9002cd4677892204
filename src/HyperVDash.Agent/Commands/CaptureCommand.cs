using System.CommandLine;
using System.Globalization;
using System.Reflection;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim.Capture;
using HyperVDash.Cim.Capture.Redaction;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Commands;

/// <summary><c>capture</c>: writes down what hosts answer, one file a host, for a place from which they cannot be reached.</summary>
internal sealed class CaptureCommand
{
    private const string About = """
        Writes what hosts answer to files that every --capture reads: one file a host. Without --host, --lab or --capture these are all hosts of the settings.

        Answers go to disk as they come, to a file beside the last one; only a capture that is whole takes its name.
        With --redact names, addresses, serial numbers and paths are replaced, the same by the same in all files of one run, which overwrites
        no file; you see first what is replaced. With --capture, files that were written before are redacted. docs/capture.md says what is kept.
        """;

    private readonly SourceOptions _source = new();
    private readonly Option<string> _to = new("--out") { Description = "A folder for one file a host, or a file name that ends in .json or .json.gz for a single host.", DefaultValueFactory = _ => "captures" };
    private readonly Option<bool> _redact = new("--redact") { Description = "Replaces names, addresses, serial numbers and paths." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Does not ask before it writes redacted files; nor does it where nobody can answer." };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Does not say how far it has come." };
    private readonly Option<string?> _settings = new("--settings") { Description = "Settings file whose hosts are captured when no other source is named, instead of the appsettings.json beside the program." };
    private readonly TimeProvider _time;
    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly TextReader? _input;

    private CaptureCommand(TimeProvider time, TextWriter output, TextWriter errors, TextReader? input) => (_time, _output, _errors, _input) = (time, output, errors, input);

    public static Command Create(TimeProvider time, TextWriter output, TextWriter errors, TextReader? input)
    {
        var capture = new CaptureCommand(time, output, errors, input);
        var command = new Command("capture", About) { capture._to, capture._redact, capture._yes, capture._quiet, capture._settings };
        capture._source.AddTo(command);
        command.SetAction((parsed, cancellationToken) => AgentCommands.GuardAsync(() => capture.RunAsync(parsed, cancellationToken), errors));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isRedacted = parsed.GetValue(_redact);
        bool isOfFiles = parsed.GetValue(_source.Capture) is { Length: > 0 };
        if (isOfFiles && !isRedacted)
        {
            throw new FormatException("--capture names files that were written before, and there is nothing to ask; add --redact to replace the names in them, or name a host with --host, or a lab with --lab.");
        }

        await using var opened = await _source.OpenAsync(parsed, parsed.GetValue(_settings), _time, cancellationToken);
        string to = parsed.GetValue(_to)!;
        using var progress = new CaptureProgressLines(_errors, parsed.GetValue(_quiet));
        if (!isRedacted)
        {
            return await RecordAllAsync(CaptureFiles.Of(opened.Targets, to), progress, cancellationToken) ? 0 : 2;
        }

        CaptureFiles.Check(opened.Targets, to);
        // Before a host is asked, which takes minutes.
        CaptureFiles.CheckNew(to);
        if (isOfFiles)
        {
            return await RedactAsync([.. opened.Targets.Select(t => t.File!)], to, parsed.GetValue(_yes), progress, cancellationToken);
        }

        // What is not redacted yet is for nobody's eyes: a folder of this account alone, gone at the end.
        var folder = Directory.CreateTempSubdirectory("hypervdash-");
        try
        {
            var files = CaptureFiles.Of(opened.Targets, folder.FullName);
            bool isWell = await RecordAllAsync(files, progress, cancellationToken);
            string[] taken = [.. files.Select(f => f.File).Where(File.Exists)];
            int code = taken.Length == 0 ? 2 : await RedactAsync(taken, to, parsed.GetValue(_yes), progress, cancellationToken);
            return isWell ? code : 2;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<bool> RecordAllAsync(IReadOnlyList<(TargetOptions Target, string File)> files, CaptureProgressLines progress, CancellationToken cancellationToken)
    {
        bool isWell = true;
        foreach (var (target, file) in files)
        {
            long started = _time.GetTimestamp();
            progress.Begin(target.Key);
            var reading = await RecordAsync(target, file, progress, cancellationToken);
            progress.End();
            if (!IsWorthAFile(reading))
            {
                await _errors.WriteLineAsync($"{target.Key} could not be read, so no file was written: {reading.VirtualMachines.Attempt.Reason}");
                isWell = false;
                continue;
            }

            await _output.WriteLineAsync($"{target.Key}  {file}  {reading.VirtualMachines.Content?.Items.Length ?? 0} VMs, {Size(file)} in {Seconds(started)}");
            foreach (var gap in OneReading.Gaps(reading))
            {
                await _errors.WriteLineAsync($"  ! {gap.Name} {gap.Section.Attempt.State.ToString().ToLowerInvariant()}: {gap.Section.Attempt.Reason}");
            }
        }

        return isWell;
    }

    private async Task<int> RedactAsync(IReadOnlyList<string> paths, string to, bool isYes, CaptureProgressLines progress, CancellationToken cancellationToken)
    {
        var files = new List<CaptureFile>();
        try
        {
            var redaction = new CaptureRedaction();
            foreach (string path in paths)
            {
                files.Add(CaptureFile.Open(path));
                redaction.Learn(files[^1]);
            }

            redaction.Close();
            var names = CaptureFiles.New(files.Select(redaction.HostOf), to);
            await _output.WriteLineAsync($"In {files.Count} {(files.Count == 1 ? "capture" : "captures")} these are replaced:");
            foreach (var kind in redaction.Summary)
            {
                await _output.WriteLineAsync($"  {kind.Count,7}  {kind.Kind,-34} e.g. by {kind.Example}");
            }

            await _output.WriteLineAsync("Kept: ids (GUIDs), times, sizes, versions, states, models, drivers, the last byte of addresses, and names that Windows gives everybody.");
            if (!isYes && _input is not null && !await IsWantedAsync(cancellationToken))
            {
                await _errors.WriteLineAsync("Nothing was written.");
                return 1;
            }

            foreach (var (file, path) in files.Zip(names))
            {
                long started = _time.GetTimestamp();
                string host = redaction.HostOf(file);
                progress.Begin(host);
                await redaction.WriteAsync(file, path, progress, cancellationToken);
                progress.End();
                await _output.WriteLineAsync($"{host}  {path}  {Size(path)} in {Seconds(started)}");
            }

            return 0;
        }
        finally
        {
            files.ForEach(f => f.Dispose());
        }
    }

    private async Task<bool> IsWantedAsync(CancellationToken cancellationToken)
    {
        await _errors.WriteAsync("Write the redacted files? [y/N] ");
        return await _input!.ReadLineAsync(cancellationToken) is { } answer && answer.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    private static bool IsWorthAFile(HostReading reading) => !OneReading.IsUnread(reading) || reading.ComputerSystem.IsReadable();

    /// <summary>Reads every section once and writes each answer. A host that gave none leaves the file of an earlier capture as it is.</summary>
    private async Task<HostReading> RecordAsync(TargetOptions target, string file, IProgress<CaptureProgress> progress, CancellationToken cancellationToken)
    {
        await using var writer = new CaptureWriter(file, new CaptureHeader(target.Key)
        {
            CapturedAt = _time.GetUtcNow(),
            CapturedBy = $"HyperVDash.Agent {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}",
            Door = target.Door,
            Target = TargetSessions.Describe(target),
            Origin = target.Origin.ToString().ToLowerInvariant(),
        }, progress);
        await using var collector = TargetSessions.Collector(target, () => new RecordingSession(TargetSessions.Open(target, _time), writer, _time), "once", _time);
        var reading = await collector.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        if (IsWorthAFile(reading))
        {
            await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }

        return reading;
    }

    private static string Size(string file) => CaptureFiles.Size(new FileInfo(file).Length);

    private string Seconds(long started) => $"{_time.GetElapsedTime(started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
}
