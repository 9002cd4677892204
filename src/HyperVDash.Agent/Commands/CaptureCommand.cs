using System.CommandLine;
using System.Reflection;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim.Capture;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Commands;

/// <summary><c>capture</c>: writes down what hosts answer, one file a host, for a place from which they cannot be reached.</summary>
internal static class CaptureCommand
{
    public static Command Create(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var source = new SourceOptions();
        var to = new Option<string>("--out") { Description = "A folder for one file a host, or a file name that ends in .json or .json.gz for a single host.", DefaultValueFactory = _ => "captures" };
        var command = new Command("capture", "Writes what hosts answer to files that every --capture reads.") { to };
        source.AddTo(command);
        command.SetAction((parsed, cancellationToken) => AgentCommands.GuardAsync(async () =>
        {
            if (parsed.GetValue(source.Capture) is { Length: > 0 })
            {
                throw new FormatException("--capture names files that were written before, and there is nothing to ask; to write one, name a host with --host, or a lab with --lab.");
            }

            await using var opened = await source.OpenAsync(parsed, time, cancellationToken);
            var files = Files(opened.Targets, parsed.GetValue(to)!);
            bool isWell = true;
            foreach (var (target, file) in files)
            {
                var reading = await RecordAsync(target, file, time, cancellationToken);
                if (!IsWorthAFile(reading))
                {
                    await errors.WriteLineAsync($"{target.Key} could not be read, so no file was written: {reading.VirtualMachines.Attempt.Reason}");
                    isWell = false;
                    continue;
                }

                await output.WriteLineAsync($"{target.Key}  {file}  {reading.VirtualMachines.Content?.Items.Length ?? 0} VMs, {new FileInfo(file).Length / 1024 + 1} KiB");
                foreach (var gap in OneReading.Gaps(reading))
                {
                    await errors.WriteLineAsync($"  ! {gap.Name} {gap.Section.Attempt.State.ToString().ToLowerInvariant()}: {gap.Section.Attempt.Reason}");
                }
            }

            return isWell ? 0 : 2;
        }, errors));
        return command;
    }

    private static bool IsWorthAFile(HostReading reading) => !OneReading.IsUnread(reading) || reading.ComputerSystem.IsReadable();

    /// <summary>Reads every section once and writes each answer. A host that gave none leaves the file of an earlier capture as it is.</summary>
    private static async Task<HostReading> RecordAsync(TargetOptions target, string file, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var writer = new CaptureWriter(file, new CaptureHeader(target.Key)
        {
            CapturedAt = time.GetUtcNow(),
            CapturedBy = $"HyperVDash.Agent {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}",
            Door = target.Door,
            Target = TargetSessions.Describe(target),
            Origin = target.Origin.ToString().ToLowerInvariant(),
        });
        await using var collector = TargetSessions.Collector(target, () => new RecordingSession(TargetSessions.Open(target, time), writer, time), "once", time);
        var reading = await collector.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        if (IsWorthAFile(reading))
        {
            await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }

        return reading;
    }

    private static List<(TargetOptions Target, string File)> Files(IReadOnlyList<TargetOptions> targets, string to)
    {
        if (to.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || to.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return targets is [var only]
                ? [(only, to)]
                : throw new FormatException($"--out '{to}' is one file, but there are {targets.Count} hosts and a file holds one. Name a folder, or take one host with --only.");
        }

        try
        {
            Directory.CreateDirectory(to);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"--out '{to}' cannot be a folder here: {refused.Message} Name another one.", refused);
        }

        return [.. targets.Select(t => (t, Path.Combine(to, $"{TargetFileName.Of(t.Key)}.json.gz")))];
    }
}
