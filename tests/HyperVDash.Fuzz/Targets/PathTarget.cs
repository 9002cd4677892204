using System.Text;
using HyperVDash.Cim;
using HyperVDash.Fuzz.Seeds;

namespace HyperVDash.Fuzz.Targets;

/// <summary>An object path, as properties hold them as text.</summary>
internal sealed class PathTarget : FuzzTarget
{
    public override string Name => "paths";

    public override Grammar Grammar => Grammar.Path;

    public override long FixedCost => 16 << 10;

    public override IReadOnlyList<string> Code => ["HyperVDash.Cim.CimPath"];

    public override async Task<IReadOnlyList<byte[]>> SeedsAsync(CancellationToken cancellationToken) =>
        (await LabAnswers.OfAsync(cancellationToken).ConfigureAwait(false)).Paths;

    public override string Read(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (!CimPath.TryParse(text, out var path))
        {
            try
            {
                CimPath.Parse(text);
            }
            catch (FormatException refused)
            {
                ExpectSentence(refused.Message);
                return "not a path";
            }

            throw new BrokenPromiseException("TryParse and Parse disagree");
        }

        Expect(path.Is(path.Class.ToUpperInvariant()) && path.Equals(CimPath.Parse(text)) && path.GetHashCode() == CimPath.Parse(text).GetHashCode(), "the same text is the same path");
        Expect(path.Keys.Keys.All(k => path[k] is not null && path[k.ToUpperInvariant()] is not null), "every key has its value, in any case");
        if (!path.Keys.IsEmpty)
        {
            Expect(CimPath.TryParse(path.ToString(), out var again) && again.Equals(path), "a path that was read can be written and read again");
        }

        return path.Keys.IsEmpty ? "accepted: class" : "accepted";
    }
}
