using HyperVDash.Cim;
using HyperVDash.Cim.Capture;
using HyperVDash.Fuzz.Seeds;

namespace HyperVDash.Fuzz.Targets;

/// <summary>A capture file that somebody sent.</summary>
internal sealed class CaptureTarget : FuzzTarget, IDisposable
{
    // In memory where the system has such a folder: a million files would wear a disk out.
    private readonly string _file = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"hypervdash-fuzz-{Environment.ProcessId}.json");

    public override string Name => "captures";

    public override Grammar Grammar => Grammar.Json;

    public override long FixedCost => 1 << 20;

    public override IReadOnlyList<string> Code => ["HyperVDash.Cim.Capture.CaptureFile", "HyperVDash.Cim.Capture.CaptureValues", "HyperVDash.Cim.Capture.CaptureErrors", "HyperVDash.Cim.Capture.JsonTokens"];

    public override async Task<IReadOnlyList<byte[]>> SeedsAsync(CancellationToken cancellationToken) =>
        (await LabAnswers.OfAsync(cancellationToken).ConfigureAwait(false)).Captures;

    public override string Read(ReadOnlySpan<byte> input)
    {
        File.WriteAllBytes(_file, input);
        try
        {
            using var file = CaptureFile.Open(_file);
            Expect(file.Header.Host.Length > 0 || file.Entries.Count == 0, "a capture with answers names its host");
            foreach (var entry in file.Entries)
            {
                Expect(entry.Namespace.Length > 0 && entry.Class.Length > 0, "an answer names its class");
                foreach (var row in file.Rows(entry))
                {
                    RowGetters.UseAll(row);
                }
            }

            foreach (var call in file.Calls)
            {
                RowGetters.UseAll(call.Reply.Out);
                RowGetters.UseAll(call.Arguments);
            }

            return "accepted";
        }
        catch (CaptureException refused)
        {
            ExpectSentence(refused.Message);
            return "not a capture, or damaged";
        }
    }

    public void Dispose() => File.Delete(_file);
}
