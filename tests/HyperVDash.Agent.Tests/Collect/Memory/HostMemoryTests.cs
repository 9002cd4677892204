using HyperVDash.Agent.Collect.Memory;

namespace HyperVDash.Agent.Tests.Collect.Memory;

public sealed class HostMemoryTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("memory-").FullName;

    private string File => Path.Combine(_folder, "host.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_saved_is_known_again()
    {
        var before = HostMemory.Open(File);
        before.Since("job|1", "40", Now);
        before.Keep("thing", new Thing("a"), Now);
        before.Save();

        var after = HostMemory.Open(File);

        Assert.Equal(Now, after.Since("job|1", "40", Now.AddHours(2)));
        Assert.Equal(new Thing("a"), after.Recall<Thing>("thing"));
    }

    [Fact]
    public void A_record_that_was_kept_anew_is_recalled_as_it_is_now()
    {
        var memory = HostMemory.Volatile();
        memory.Keep("thing", new Thing("a"), Now);
        Assert.Equal("a", memory.Recall<Thing>("thing")!.Name);

        memory.Keep("thing", new Thing("b"), Now);
        Assert.Equal("b", memory.Recall<Thing>("thing")!.Name);

        memory.KeepOnly("thi", new HashSet<string>());
        Assert.Null(memory.Recall<Thing>("thing"));
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("[]")]
    [InlineData("\u0000\u0001")]
    [InlineData("{\"a\":null}")]
    [InlineData("{\"a\":{}}")]
    [InlineData("{\"job|A\":{\"value\":\"1\",\"at\":\"2026-03-02T09:00:00Z\"},\"job|a\":{\"value\":\"2\",\"at\":\"2026-03-02T09:00:00Z\"}}")]
    public void A_damaged_file_is_set_aside_and_the_memory_begins_anew(string content)
    {
        System.IO.File.WriteAllText(File, content);

        var memory = HostMemory.Open(File);
        memory.Since("a", "b", Now);
        memory.Save();

        Assert.Equal(content, System.IO.File.ReadAllText(File + ".damaged"));
        Assert.Equal(Now, HostMemory.Open(File).Find("a", "b"));
    }

    [Fact]
    public void What_could_not_be_written_is_written_by_the_next_save()
    {
        string blocked = Path.Combine(_folder, "blocked");
        System.IO.File.WriteAllText(blocked, "a file where the folder should be");
        var memory = HostMemory.Open(Path.Combine(blocked, "host.json"));
        memory.Since("a", "b", Now);
        Assert.ThrowsAny<IOException>(memory.Save);

        System.IO.File.Delete(blocked);
        memory.Save();

        Assert.Equal(Now, HostMemory.Open(Path.Combine(blocked, "host.json")).Find("a", "b"));
    }

    private sealed record Thing(string Name);
}
